package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.RxRing;
import dev.npa.sim.nic.intel.TxRing;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Receive rings, 82576 §5.4, §6 and §8. */
class ReceiveTest {

    private static final int RXHOLD = 0x24F0;
    private static final int STRVLAN = 1 << 30;

    private final Lab lab = new Lab(2);
    private final Guest a = lab.vf[0];

    ReceiveTest() {
        lab.address(1, Frames.A, 1);
        lab.address(2, Frames.B, 2);
        lab.orPf(0x5000, 1 << 13); // PCSD
    }

    @Test
    void writeBackHasTheBytesOfTheSheet() {
        RxRing rx = a.rx();
        byte[] tcp = Frames.ipv4(Frames.A, Frames.FAR, 6, 100);
        lab.arrive(tcp);
        assertArrayEquals(tcp, rx.next());
        // Packet type IPv4 | TCP at bits 16:4; DD EOP TCPCS IPCS, length 154 in bits 47:32.
        assertEquals(0x0000_0000_0000_0110L, rx.q0);
        assertEquals(0x0000_009A_0000_0063L, rx.q1);
        lab.arrive(Frames.ipv6(Frames.A, Frames.FAR, 17, 3));
        rx.next();
        assertEquals(0x240, rx.q0, "IPv6 | UDP");
        assertEquals(0x0000_0041_0000_0033L, rx.q1, "UDPCS and TCPCS, no IP checksum in IPv6");
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        rx.next();
        assertEquals(0, rx.q0);
        assertEquals(0x0000_003C_0000_0007L, rx.q1, "IXSM: nothing was checked");
        assertEquals(3, a.csr.read32(0x2810), "RDH");
        lab.noViolations();
    }

    @Test
    void wrongChecksumsAreReportedInThisChipsBits() {
        RxRing rx = a.rx();
        byte[] badIp = Frames.ipv4(Frames.A, Frames.FAR, 17, 20);
        badIp[24] ^= 1;
        lab.arrive(badIp);
        assertNotNull(rx.next());
        assertEquals(0x4000_0073L, rx.q1 & 0xFFFF_FFFFL, "IPE is bit 30");
        byte[] badTcp = Frames.ipv4(Frames.A, Frames.FAR, 6, 21);
        badTcp[60] ^= 4;
        lab.arrive(badTcp);
        assertNotNull(rx.next());
        assertEquals(0x2000_0063L, rx.q1 & 0xFFFF_FFFFL, "TCPE is bit 29");
        lab.pf.csr.write32(0x5000, 1 << 13 | 1 << 8);
        lab.arrive(badTcp);
        assertNotNull(rx.next());
        assertEquals(0x43L, rx.q1 & 0xFFFF_FFFFL, "TUOFLD off");
        lab.pf.csr.write32(0x5000, 1 << 13);
        lab.arrive(badTcp);
        assertNotNull(rx.next());
        assertEquals(0x7L, rx.q1 & 0xFFFF_FFFFL, "IPOFLD off too");
    }

    @Test
    void jumboOf9000SpansDescriptorsAndOnlyTheLastHasStatus() {
        RxRing rx = a.rx();
        byte[] frame = Frames.ipv4(Frames.A, Frames.FAR, 6, 9000 - 40);
        assertEquals(9014, frame.length);
        lab.arrive(frame);
        byte[] whole = new byte[0];
        for (int i = 0; i < 5; i++) {
            byte[] part = rx.next();
            assertEquals(i < 4 ? 2048 : frame.length - 8192, part.length);
            assertEquals(i < 4 ? 1 : 0x63, rx.q1 & 0xFFFF_FFFFL);
            whole = Arrays.copyOf(whole, whole.length + part.length);
            System.arraycopy(part, 0, whole, whole.length - part.length, part.length);
        }
        assertArrayEquals(frame, whole);
        assertNull(rx.next());
        assertEquals(9018, a.csr.read32(0xF18), "VFGORC with the FCS");
    }

    @Test
    void bufferSizeZeroMeansTheSizeOfRctl() {
        RxRing rx = a.rx(0x2800, 64, 0, 0);
        assertEquals(0, rx.bufferBytes);
        RxRing real = a.rx(0x2900, 64, 2, 0);
        a.csr.write32(0x2928, 0);
        a.csr.write32(0x290C, 1 << 25);
        a.csr.write32(0x2928, 1 << 25);
        real.post(8);
        lab.orPf(0x5AD0, 1 << 17);
        lab.pf.csr.write32(0x5818, 5 | 1 << 16);
        for (int i = 0; i < 32; i++) {
            lab.pf.csr.write32(0x5C00 + 4 * i, 0x01010101);
        }
        lab.arrive(Frames.ipv4(Frames.A, Frames.FAR, 6, 3000));
        assertEquals(2048, real.next().length);
        lab.noViolations();
    }

    @Test
    void vlanTagIsStrippedByPoolAndByRplolrForGroups() {
        RxRing ra = a.rx();
        RxRing rb = lab.vf[1].rx();
        lab.orPf(0x5AD0, STRVLAN);
        byte[] frame = Frames.tagged(Frames.A, Frames.FAR, 0x6064, 80);
        byte[] bare = new byte[76];
        System.arraycopy(frame, 0, bare, 0, 12);
        System.arraycopy(frame, 16, bare, 12, 64);
        lab.arrive(frame);
        assertArrayEquals(bare, ra.next());
        assertEquals(0x6064_004C_0000_000FL, ra.q1);
        byte[] toB = Frames.tagged(Frames.B, Frames.FAR, 0x6064, 80);
        lab.arrive(toB);
        assertArrayEquals(toB, rb.next(), "pool 1 does not strip");
        byte[] all = Frames.tagged(Frames.ALL, Frames.FAR, 0x6064, 80);
        lab.arrive(all);
        assertArrayEquals(all, ra.next());
        assertArrayEquals(all, rb.next());
        lab.orPf(0x5AF0, STRVLAN);
        lab.arrive(all);
        assertEquals(76, ra.next().length, "RPLOLR.STRVLAN");
        assertEquals(76, rb.next().length);
        assertEquals(0x6064, rb.q1 >>> 48);
    }

    @Test
    void fcsIsKeptWhenNeitherRctlNorThePoolStripsIt() {
        RxRing rx = a.rx();
        byte[] frame = Frames.plain(Frames.A, Frames.FAR, 100);
        lab.pf.csr.write32(0x100, lab.pf.csr.read32(0x100) & ~(1 << 26));
        lab.arrive(frame);
        assertEquals(100, rx.next().length, "VMOLR.STRCRC");
        lab.pf.csr.write32(0x5AD0, Lab.VMOLR & ~(1 << 31));
        lab.arrive(frame);
        byte[] got = rx.next();
        CRC32 crc = new CRC32();
        crc.update(frame);
        assertEquals(104, got.length);
        for (int i = 0; i < 4; i++) {
            assertEquals((byte) (crc.getValue() >>> 8 * i), got[100 + i]);
        }
    }

    @Test
    void packetBufferPausesThePeerAndNothingIsLost() {
        RxRing rx = a.rx(0x2800, 64, 2, 0);
        int sent = 0;
        ByteBuffer b = ByteBuffer.allocateDirect(1500).put(0, Frames.plain(Frames.A, Frames.FAR, 1500));
        for (int i = 0; i < 200; i++) {
            sent += lab.wire.peerSide().send(b, 0, 1500) ? 1 : 0;
            lab.pass(13_000);
        }
        assertTrue(sent > 30 && sent < 50, "64 KiB: " + sent);
        assertEquals(Component.NEVER, lab.nic.nextEvent());
        int received = 0;
        for (int i = 0; i < sent; i++) {
            rx.post(1);
            lab.run();
            received += rx.next() == null ? 0 : 1;
        }
        assertEquals(sent, received);
        assertEquals(sent, a.csr.read32(0xF10), "VFGPRC");
        assertEquals(sent * 1504, a.csr.read32(0xF18), "VFGORC");
    }

    @Test
    void dropEnOrQdeDropsInsteadAndCounts() {
        RxRing ra = a.rx(0x2800, 64, 2, 1 << 31);
        RxRing rb = lab.vf[1].rx(0x2800, 64, 2, 0);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertEquals(1, a.csr.read32(0x2830), "RQDPC");
        lab.pf.csr.write32(0x2408, 1 << 1);
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        assertEquals(1, lab.vf[1].csr.read32(0x2830));
        assertEquals(1, lab.pf.csr.read32(Lab.rxBlock(1) + 0x30));
        lab.pf.csr.write32(0x2408, 0);
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 61));
        rb.post(1);
        lab.run();
        assertEquals(61, rb.next().length, "waits with QDE off");
        assertNull(ra.next());
    }

    @Test
    void rxholdKeepsEverythingUntilReleased() {
        RxRing ra = a.rx();
        RxRing rb = lab.vf[1].rx();
        TxRing tx = a.tx();
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 59 + 1));
        assertEquals(0, lab.pf.csr.read32(RXHOLD));
        lab.pf.csr.write32(RXHOLD, -1);
        assertEquals(1 << 31 | 1, lab.pf.csr.read32(RXHOLD), "HELD");
        assertNotNull(ra.next(), "what was accepted before is in its ring");
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 61));
        int looped = tx.send(Frames.plain(Frames.B, Frames.A, 70));
        lab.run();
        assertNull(ra.next());
        assertNull(rb.next());
        assertFalse(tx.done(looped));
        assertEquals(Component.NEVER, lab.nic.nextEvent());
        int out = lab.vf[1].tx().send(Frames.plain(Frames.FAR, Frames.B, 71));
        lab.run();
        assertEquals(71, lab.sent().length, "transmission to the wire goes on");
        assertTrue(out >= 0);
        a.csr.write32(0, 0);
        lab.vf[1].csr.read32(8);
        assertEquals(1 << 31 | 1, lab.pf.csr.read32(RXHOLD));
        lab.pf.csr.write32(RXHOLD, 0);
        lab.run();
        assertEquals(61, ra.next().length);
        assertEquals(70, rb.next().length);
        assertTrue(tx.done(looped));
        lab.noViolations();
    }

    @Test
    void vfResetDoesNotTouchTheHold() {
        lab.pf.csr.write32(RXHOLD, 1);
        a.csr.write32(0, 1 << 26);
        assertEquals(1 << 31 | 1, lab.pf.csr.read32(RXHOLD));
    }

    @Test
    void descriptorThatWasNotClearedIsRecorded() {
        RxRing rx = a.rx();
        a.memory.putLong(rx.base + 8, 1);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.oneViolation("receive descriptor 0", "bit 0");
    }

    @Test
    void dmaFaultStopsItsFunctionAndNotThePort() {
        RxRing ra = a.rx();
        RxRing rb = lab.vf[1].rx();
        a.domain.unmap(Guest.BASE, Guest.SIZE);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 61));
        assertNull(ra.next());
        assertEquals(61, rb.next().length);
        lab.oneViolation("nic0/vf0", "DMA read");
    }
}
