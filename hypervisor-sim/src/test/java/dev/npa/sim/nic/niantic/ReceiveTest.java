package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.RxRing;
import dev.npa.sim.nic.intel.TxRing;
import dev.npa.sim.time.Component;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Receive rings, 82599 §6.5, §7 and §16. */
class ReceiveTest {

    private final Lab lab = new Lab(2);
    private final Guest a = lab.vf[0];

    ReceiveTest() {
        lab.address(1, Frames.A, 1);
        lab.address(2, Frames.B, 2);
    }

    @Test
    void writeBackHasTheBytesOfTheDatasheet() {
        RxRing rx = a.rx();
        byte[] tcp = Frames.ipv4(Frames.A, Frames.FAR, 6, 100);
        lab.arrive(tcp);
        assertArrayEquals(tcp, rx.next());
        // Packet type IPv4 | TCP at bits 16:4; DD EOP L4CS IPCS, length 154 in bits 47:32.
        assertEquals(0x0000_0000_0000_0110L, rx.q0);
        assertEquals(0x0000_009A_0000_0063L, rx.q1);
        lab.arrive(Frames.ipv6(Frames.A, Frames.FAR, 17, 3));
        rx.next();
        assertEquals(0x240, rx.q0, "IPv6 | UDP");
        assertEquals(0x0000_0041_0000_0023L, rx.q1, "no IP checksum in IPv6");
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        rx.next();
        assertEquals(0, rx.q0);
        assertEquals(0x0000_003C_0000_0003L, rx.q1);
        assertEquals(3, a.csr.read32(0x1010), "RDH");
        lab.noViolations();
    }

    @Test
    void wrongChecksumsAreReported() {
        RxRing rx = a.rx();
        byte[] badIp = Frames.ipv4(Frames.A, Frames.FAR, 17, 20);
        badIp[24] ^= 1;
        lab.arrive(badIp);
        assertNotNull(rx.next());
        assertEquals(1, rx.q1 >>> 31 & 1, "IPE");
        byte[] badUdp = Frames.ipv4(Frames.A, Frames.FAR, 17, 21);
        badUdp[50] ^= 4;
        lab.arrive(badUdp);
        assertNotNull(rx.next());
        assertEquals(0x4000_0063L, rx.q1 & 0xFFFF_FFFFL, "TCPE with L4CS and IPCS");
        byte[] noSum = Frames.ipv4(Frames.A, Frames.FAR, 17, 20);
        noSum[40] = 0;
        noSum[41] = 0;
        lab.arrive(noSum);
        assertNotNull(rx.next());
        assertEquals(0x43L, rx.q1 & 0xFFFF_FFFFL, "UDP without checksum: no L4CS");
    }

    @Test
    void jumboFrameSpansDescriptorsAndOnlyTheLastHasStatus() {
        RxRing rx = a.rx();
        byte[] frame = Frames.ipv4(Frames.A, Frames.FAR, 6, 8900);
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
    }

    @Test
    void frameAboveMaxfrsIsDroppedAndCounted() {
        RxRing rx = a.rx();
        lab.pf.csr.write32(0x4268, 1518 << 16);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 1515));
        assertNull(rx.next());
        assertEquals(1, lab.pf.csr.read32(0x40AC));
        assertEquals(0, lab.pf.csr.read32(0x40AC), "ROC clears on read");
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 1514));
        assertNotNull(rx.next());
        lab.arrive(Frames.tagged(Frames.A, Frames.FAR, 3, 1518));
        assertNotNull(rx.next(), "a tag may be on top");
    }

    @Test
    void vlanTagIsStrippedPerQueueAndHiddenForAPortVlan() {
        RxRing rx = a.rx().strip();
        byte[] frame = Frames.tagged(Frames.A, Frames.FAR, 0x6064, 80);
        byte[] bare = new byte[76];
        System.arraycopy(frame, 0, bare, 0, 12);
        System.arraycopy(frame, 16, bare, 12, 64);
        lab.arrive(frame);
        assertArrayEquals(bare, rx.next());
        assertEquals(0x6064_004C_0000_000BL, rx.q1);
        lab.pf.csr.write32(0x2F04, 1 << 16 | 2);
        lab.arrive(frame);
        assertArrayEquals(bare, rx.next());
        assertEquals(0x0000_004C_0000_0003L, rx.q1);
        lab.pf.csr.write32(0x2F04, 1 << 16);
        a.csr.write32(0x1028, 1 << 25);
        lab.arrive(frame);
        assertArrayEquals(frame, rx.next());
    }

    @Test
    void fcsIsKeptWhenStrippingIsOff() {
        RxRing rx = a.rx();
        lab.pf.csr.write32(0x2F00, 8);
        byte[] frame = Frames.plain(Frames.A, Frames.FAR, 100);
        lab.arrive(frame);
        byte[] got = rx.next();
        CRC32 crc = new CRC32();
        crc.update(frame);
        assertEquals(104, got.length);
        assertArrayEquals(frame, Arrays.copyOf(got, 100));
        for (int i = 0; i < 4; i++) {
            assertEquals((byte) (crc.getValue() >>> 8 * i), got[100 + i]);
        }
    }

    @Test
    void frameWithoutDescriptorsWaitsAndBlocksThePort() {
        RxRing ra = a.rx(0x1000, 64, 2, 0);
        RxRing rb = lab.vf[1].rx();
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 61));
        assertNull(ra.next());
        assertNull(rb.next(), "head of line");
        assertEquals(Component.NEVER, lab.nic.nextEvent());
        ra.post(8);
        lab.run();
        assertEquals(60, ra.next().length);
        assertEquals(61, rb.next().length);
    }

    @Test
    void manyFramesPauseThePeerAndNothingIsLost() {
        RxRing rx = a.rx(0x1000, 64, 2, 0);
        int sent = 0;
        byte[] frame = Frames.plain(Frames.A, Frames.FAR, 1500);
        java.nio.ByteBuffer b = java.nio.ByteBuffer.allocateDirect(1500).put(0, frame);
        for (int i = 0; i < 1000; i++) {
            sent += lab.wire.peerSide().send(b, 0, 1500) ? 1 : 0;
            lab.pass(1_500);
        }
        assertTrue(sent > 300 && sent < 360, "512 KiB: " + sent);
        int received = 0;
        for (int i = 0; i < sent; i++) {
            rx.post(1);
            lab.run();
            received += rx.next() == null ? 0 : 1;
        }
        assertEquals(sent, received);
        assertEquals(sent, a.csr.read32(0x101C), "VFGPRC");
        assertEquals(sent * 1504, a.csr.read32(0x1020), "VFGORC counts the FCS");
    }

    @Test
    void dropEnOrQdeDropsInsteadAndCounts() {
        RxRing ra = a.rx(0x1000, 64, 2, 1 << 28);
        RxRing rb = lab.vf[1].rx();
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 61));
        assertEquals(61, rb.next().length);
        assertEquals(1, lab.pf.csr.read32(0x1430));
        ra.post(1);
        lab.run();
        assertNull(ra.next());
        lab.pf.csr.write32(0x2F04, 1 << 16 | 2 << 8 | 1);
        lab.pf.csr.write32(0x2F04, 1 << 17 | 2 << 8);
        assertEquals(2 << 8 | 1, lab.pf.csr.read32(0x2F04), "QDE of queue 2 reads back");
    }

    @Test
    void heldReceivePathDeliversNothingUntilReleased() {
        RxRing ra = a.rx();
        RxRing rb = lab.vf[1].rx();
        TxRing tx = a.tx();
        lab.pf.csr.write32(0x8D00, 2);
        assertEquals(1, lab.pf.csr.read32(0x8D04) & 1);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        int looped = tx.send(Frames.plain(Frames.B, Frames.A, 70));
        lab.run();
        assertNull(ra.next());
        assertNull(rb.next());
        assertTrue(!tx.done(looped));
        assertEquals(Component.NEVER, lab.nic.nextEvent());
        lab.pf.csr.write32(0x8D00, 0);
        lab.run();
        assertEquals(60, ra.next().length);
        assertEquals(70, rb.next().length);
        assertTrue(tx.done(looped));
        lab.noViolations();
    }

    @Test
    void receiverThatIsOffHearsNothing() {
        RxRing rx = a.rx();
        lab.pf.csr.write32(0x3000, 0);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.pf.csr.write32(0x3000, 1);
        lab.run();
        assertNull(rx.next());
    }

    @Test
    void dmaFaultStopsItsFunctionAndNotThePort() {
        RxRing ra = a.rx();
        RxRing rb = lab.vf[1].rx();
        a.domain.unmap(Guest.BASE, Guest.SIZE);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 61));
        assertNull(ra.next());
        assertEquals(61, rb.next().length);
        lab.oneViolation("nic0/vf0", "DMA read");
    }

    @Test
    void readOnlyPageIsNotWritten() {
        RxRing ra = a.rx();
        a.domain.map(Guest.BASE, Guest.SIZE, dev.npa.sim.machine.IommuDomain.READ);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNull(ra.next());
        lab.oneViolation("DMA write of 60 bytes");
    }

    @Test
    void descriptorThatWasNotClearedIsRecorded() {
        RxRing rx = a.rx();
        a.memory.putLong(rx.base + 8, 1);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.oneViolation("receive descriptor 0", "bit 0");
    }

    @Test
    void ringWithoutBuffersSizeIsRefused() {
        a.csr.write32(0x1028, 1 << 25);
        lab.oneViolation("RXDCTL.ENABLE", "RDLEN 0");
    }

    @Test
    void frameIsNotStartedWithoutDescriptorsForAllOfIt() {
        RxRing rx = a.rx(0x1000, 64, 2, 0);
        rx.post(2);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 5000));
        assertNull(rx.next());
        assertEquals(0, a.csr.read32(0x1010));
        rx.post(1);
        lab.run();
        assertEquals(2048, rx.next().length);
        assertEquals(2048, rx.next().length);
        assertEquals(904, rx.next().length);
    }

    @Test
    void octetCountersCarryIntoTheirUpperHalfAndStopAt36Bits() {
        Core core = new Core("nic", lab.clock, lab.violations, lab.wire.nicSide());
        core.vfs(1, new dev.npa.sim.machine.DmaPort[] {a.function.dma()});
        Statistics statistics = new Statistics(core);
        FrameInfo info = new FrameInfo();
        for (int i = 0; i < 3; i++) {
            statistics.delivered(0, info, 0x6000_0000, false);
        }
        assertEquals(0x2000_0000, core.regs.get(core.slots.pvfgorcLsb));
        assertEquals(1, core.regs.get(core.slots.pvfgorcMsb));
        for (int i = 0; i < 40; i++) {
            statistics.delivered(0, info, 0x6000_0000, false);
        }
        assertEquals(0, core.regs.get(core.slots.pvfgorcMsb), "16.125 x 2^32 octets");
    }
}
