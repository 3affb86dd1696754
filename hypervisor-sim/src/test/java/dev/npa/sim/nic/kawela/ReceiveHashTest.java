package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.ReceiveHashContract;
import dev.npa.sim.nic.intel.RxRing;
import dev.npa.sim.nic.intel.TxRing;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** 82576 §7 and §8: MRQC mode 5, pool 1 with queues 1 and 9. */
class ReceiveHashTest extends ReceiveHashContract {

    private static final int RSSE = 1 << 17;

    private Lab lab;
    private RxRing[] rings;

    @Override
    protected void program(int[] key, int[] entries) {
        lab = new Lab(2);
        lab.address(1, Frames.A, 2);
        rings = new RxRing[] {lab.vf[1].rx(), lab.vf[1].rx(0x2900, 64, 2, 0)};
        rings[1].post(63);
        lab.orPf(0x5000, 1 << 13);
        lab.orPf(0x5AD4, RSSE);
        lab.pf.csr.write32(0x5818, 5 | 0x33 << 16 | 3 << 22);
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

    private static byte[] published(int source, int destination, int sourcePort, int destinationPort) {
        byte[] frame = Frames.ipv4(Frames.A, Frames.FAR, 6, 10);
        ByteBuffer.wrap(frame).putInt(26, source).putInt(30, destination).putShort(34, (short) sourcePort)
                .putShort(36, (short) destinationPort);
        return frame;
    }

    @Test
    void publishedVectorsSpreadOverTheTwoQueues() {
        int[] entries = new int[128];
        entries[0x6A] = 1; // 0xC626B0EA
        entries[0x4A] = 8; // 0x5C2B394A: the weight that public drivers write
        program(KEY, entries);
        arrive(published(0x420995BB, 0xA18E6450, 2794, 1766)); // 66.9.149.187 to 161.142.100.80
        assertNotNull(rings[0].next());
        assertEquals(0x51CCC178, (int) (rings[0].q0 >>> 32));
        assertEquals(1, rings[0].q0 & 0xF, "IPv4 and TCP");
        arrive(published(0xC75C6F02, 0x41458C53, 14230, 4739)); // 199.92.111.2 to 65.69.140.83
        assertNotNull(rings[1].next());
        assertEquals(0xC626B0EA, (int) (rings[1].q0 >>> 32));
        arrive(published(0x1813C65F, 0x0C16CFB8, 12898, 38024)); // 24.19.198.95 to 12.22.207.184
        assertNotNull(rings[1].next());
        assertEquals(0x5C2B394A, (int) (rings[1].q0 >>> 32));
        assertEquals(3, lab.vf[1].csr.read32(0xF10), "VFGPRC is of both queues");
        lab.noViolations();
    }

    @Test
    void poolWithoutRsseStaysOnItsFirstQueue() {
        int[] entries = new int[128];
        java.util.Arrays.fill(entries, 1);
        program(KEY, entries);
        lab.pf.csr.write32(0x5AD4, Lab.VMOLR);
        arrive(published(0xC75C6F02, 0x41458C53, 14230, 4739));
        assertNotNull(rings[0].next());
        lab.orPf(0x5AD4, RSSE);
        lab.pf.csr.write32(0x5818, 3 | 0x33 << 16);
        arrive(published(0xC75C6F02, 0x41458C53, 14230, 4739));
        assertNotNull(rings[0].next(), "VMDq without RSS");
        assertEquals(0, rings[0].q0 >>> 32);
        assertNull(rings[1].next());
    }

    @Test
    void loopedFramesAreHashedToo() {
        int[] entries = new int[128];
        entries[0x6A] = 1;
        program(KEY, entries);
        TxRing tx = lab.vf[0].tx();
        tx.send(published(0xC75C6F02, 0x41458C53, 14230, 4739));
        lab.run();
        assertNotNull(rings[1].next());
        assertEquals(0xC626B0EA, (int) (rings[1].q0 >>> 32));
        assertEquals(true, rings[1].looped());
    }

    @Test
    void withoutPcsdTheWordShowsTheIpIdentification() {
        program(KEY, new int[128]);
        lab.pf.csr.write32(0x5000, 3 << 8);
        arrive(Frames.ipv4(Frames.A, Frames.FAR, 6, 10));
        assertNotNull(rings[0].next());
        assertEquals(0x1234, rings[0].q0 >>> 32);
        assertEquals(1 << 9, rings[0].q1 & 1 << 9, "IPIDV");
    }
}
