package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.ReceiveHashContract;
import dev.npa.sim.nic.intel.RxRing;

/** 82599 §10 and §15: 64 pools, two queues each. */
class ReceiveHashTest extends ReceiveHashContract {

    private Lab lab;
    private RxRing[] rings;

    @Override
    protected void program(int[] key, int[] entries) {
        lab = new Lab(1);
        lab.address(1, Frames.A, 1);
        rings = new RxRing[] {lab.vf[0].rx(), lab.vf[0].rx(0x1040, 64, 2, 0)};
        rings[1].post(63);
        lab.vf[0].csr.write32(0x300, 1 << 29);
        lab.pf.csr.write32(0x5000, 1 << 13);
        lab.pf.csr.write32(0x5818, 0xB | 0x33 << 16 | 3 << 22);
        for (int i = 0; i < 10; i++) {
            lab.pf.csr.write32(0x5C80 + 4 * i,
                    key[4 * i] | key[4 * i + 1] << 8 | key[4 * i + 2] << 16 | key[4 * i + 3] << 24);
        }
        for (int i = 0; i < 32; i++) {
            lab.pf.csr.write32(0x5C00 + 4 * i,
                    entries[4 * i] | entries[4 * i + 1] << 8 | entries[4 * i + 2] << 16 | entries[4 * i + 3] << 24);
        }
    }

    @Override
    protected void arrive(byte[] frame) {
        lab.arrive(frame);
    }

    @Override
    protected RxRing[] rings() {
        return rings;
    }
}
