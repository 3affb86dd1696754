package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.RxRing;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Receive-side scaling, 82599 §10 and §15, with the verification vectors that Microsoft publishes for Toeplitz. */
class RssTest {

    private static final int[] KEY = {
        0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca,
        0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b,
        0xbe, 0xac, 0x01, 0xfa};

    private final Lab lab = new Lab(1);
    private final RxRing rx0 = lab.vf[0].rx();
    private final RxRing rx1 = lab.vf[0].rx(0x1040, 64, 2, 0);

    RssTest() {
        rx1.post(63);
        lab.address(1, Frames.A, 1);
        for (int i = 0; i < 10; i++) {
            lab.pf.csr.write32(0x5C80 + 4 * i, KEY[4 * i] | KEY[4 * i + 1] << 8 | KEY[4 * i + 2] << 16
                    | KEY[4 * i + 3] << 24);
        }
        for (int i = 0; i < 32; i++) {
            lab.pf.csr.write32(0x5C00 + 4 * i, 0x0100_0100); // entries 0 1 0 1
        }
        lab.pf.csr.write32(0x5000, 1 << 13);
    }

    private static byte[] frame(int source, int destination, int sourcePort, int destinationPort) {
        byte[] frame = Frames.ipv4(Frames.A, Frames.FAR, 6, 10);
        ByteBuffer.wrap(frame).putInt(26, source).putInt(30, destination).putShort(34, (short) sourcePort)
                .putShort(36, (short) destinationPort);
        return frame;
    }

    @Test
    void hashMatchesThePublishedVectorsAndChoosesTheQueue() {
        lab.pf.csr.write32(0x5818, 0xB | 1 << 16 | 1 << 17);
        lab.vf[0].csr.write32(0x300, 1 << 29);
        lab.arrive(frame(0x420995BB, 0xA18E6450, 2794, 1766)); // 66.9.149.187 to 161.142.100.80
        assertNotNull(rx0.next());
        assertEquals(0x51CCC178, (int) (rx0.q0 >>> 32));
        assertEquals(1, rx0.q0 & 0xF, "IPv4 and TCP");
        lab.arrive(frame(0xC75C6F02, 0x41458C53, 14230, 4739)); // 199.92.111.2 to 65.69.140.83
        assertNotNull(rx0.next());
        assertEquals(0xC626B0EA, (int) (rx0.q0 >>> 32));
        lab.arrive(frame(0x1813C65F, 0x0C16CFB8, 12898, 38024)); // 24.19.198.95 to 12.22.207.184
        assertNotNull(rx0.next());
        assertEquals(0x5C2B394A, (int) (rx0.q0 >>> 32));
        lab.pf.csr.write32(0x5C00 + 4 * (0x4A >> 2), 0x0101_0101);
        lab.arrive(frame(0x1813C65F, 0x0C16CFB8, 12898, 38024));
        assertNotNull(rx1.next(), "RETA entry 0x4A now says 1");
        lab.vf[0].csr.write32(0x300, 0);
        lab.arrive(frame(0x1813C65F, 0x0C16CFB8, 12898, 38024));
        assertNotNull(rx0.next(), "RQPL 0: one queue");
    }

    @Test
    void addressesAloneAreHashedWithoutPorts() {
        lab.pf.csr.write32(0x5818, 0xB | 1 << 17);
        lab.arrive(frame(0x420995BB, 0xA18E6450, 2794, 1766));
        assertNotNull(rx0.next());
        assertEquals(0x323E8FC2, (int) (rx0.q0 >>> 32));
        assertEquals(2, rx0.q0 & 0xF);
    }
}
