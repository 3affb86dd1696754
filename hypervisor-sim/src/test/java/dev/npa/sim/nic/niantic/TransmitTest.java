package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.AdvancedTxDescriptor;
import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.TxRing;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Transmit rings, 82599 §6, §7 and §16. */
class TransmitTest {

    private final Lab lab = new Lab(2);
    private final Guest vf = lab.vf[0];
    private final TxRing tx = vf.tx();

    @Test
    void descriptorBytesAreThoseOfTheDatasheet() {
        // Context: VLAN 0x0123, MACLEN 14, IPLEN 20; IPV4, TCP, L4LEN 20, MSS 1460, IDX 1.
        assertEquals(0x0123_1C14L, 0x0123L << 16 | 14 << 9 | 20);
        long c0 = 0x0123_1C14L;
        long c1 = 0x05B4_1410_2020_0C00L;
        assertEquals(0x0123, AdvancedTxDescriptor.vlan(c0));
        assertEquals(14, AdvancedTxDescriptor.maclen(c0));
        assertEquals(20, AdvancedTxDescriptor.iplen(c0));
        assertEquals(2, AdvancedTxDescriptor.dtyp(c1));
        assertEquals(1, AdvancedTxDescriptor.l4t(c1));
        assertEquals(20, AdvancedTxDescriptor.l4len(c1));
        assertEquals(1460, AdvancedTxDescriptor.mss(c1));
        assertEquals(1, AdvancedTxDescriptor.idx(c1));
        // Data: 60 bytes, PAYLEN 60, CC, EOP IFCS RS DEXT.
        long d1 = 0x000F_0080_2B30_003CL;
        assertEquals(60, AdvancedTxDescriptor.dtalen(d1));
        assertEquals(60, AdvancedTxDescriptor.paylen(d1));
        assertEquals(3, AdvancedTxDescriptor.dtyp(d1));
        long all = AdvancedTxDescriptor.EOP | AdvancedTxDescriptor.IFCS | AdvancedTxDescriptor.RS
                | AdvancedTxDescriptor.DEXT | AdvancedTxDescriptor.CC;
        assertEquals(all, d1 & all);
    }

    @Test
    void frameLeavesAndOnlyTheRsDescriptorIsWrittenBack() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 100);
        int at = tx.send(frame);
        assertFalse(tx.done(at));
        lab.run();
        assertTrue(tx.done(at));
        assertFalse(tx.done(at - 1), "the context has no DD");
        assertEquals(0, vf.memory.getLong(tx.base + 16L * at), "q0 is reserved");
        assertEquals(1L << 32, vf.memory.getLong(tx.base + 16L * at + 8));
        assertEquals(2, tx.head());
        assertArrayEquals(frame, lab.sent());
        lab.noViolations();
    }

    @Test
    void packetIsGatheredFromItsBuffersAndPadded() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 50);
        tx.context(0, 0, 14, 20, 0);
        tx.part(frame, 0, 14, 50, TxRing.CC);
        tx.part(frame, 14, 1, 0, 0);
        int last = tx.part(frame, 15, 35, 0, TxRing.EOP | TxRing.RS);
        tx.doorbell();
        lab.run();
        assertTrue(tx.done(last));
        assertArrayEquals(Arrays.copyOf(frame, 60), lab.sent());
        lab.noViolations();
    }

    @Test
    void ringWrapsAndHeadFollows() {
        for (int i = 0; i < 200; i++) {
            int at = tx.send(Frames.plain(Frames.FAR, Frames.A, 60 + i));
            lab.run();
            assertTrue(tx.done(at));
            assertEquals(60 + i, lab.sent().length);
        }
        assertEquals(400 % 64, tx.head());
        lab.noViolations();
    }

    @Test
    void headWriteBackReplacesTheDescriptors() {
        long where = vf.allocate(16);
        vf.csr.write32(0x203C, 0);
        vf.csr.write32(0x2038, (int) where | 1);
        int at = tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(2, vf.memory.getInt(where));
        assertFalse(tx.done(at));
    }

    @Test
    void vlanTagComesFromTheContext() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 80);
        tx.context(1, 0x6123, 14, 20, 0);
        tx.data(frame, TxRing.CC | TxRing.VLE | 1L << 36);
        tx.doorbell();
        lab.run();
        byte[] out = lab.sent();
        assertEquals(84, out.length);
        assertArrayEquals(Arrays.copyOf(frame, 12), Arrays.copyOf(out, 12));
        assertArrayEquals(new byte[] {(byte) 0x81, 0, 0x61, 0x23}, Arrays.copyOfRange(out, 12, 16));
        assertArrayEquals(Arrays.copyOfRange(frame, 12, 80), Arrays.copyOfRange(out, 16, 84));
    }

    @Test
    void vmvirInsertsThePfsTagAndRefusesTheSenders() {
        lab.pf.csr.write32(0x8000, 1 << 30 | 0x2064);
        tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertArrayEquals(new byte[] {(byte) 0x81, 0, 0x20, 0x64}, Arrays.copyOfRange(lab.sent(), 12, 16));
        lab.pf.csr.write32(0x8000, 1 << 30 | 100);
        int at = tx.send(Frames.tagged(Frames.FAR, Frames.A, 5, 60));
        lab.run();
        assertTrue(tx.done(at));
        assertNull(lab.sent());
        lab.oneViolation("VMVIR");
        lab.pf.csr.write32(0x8000, 2 << 30);
        tx.context(1, 7, 14, 20, 0);
        tx.data(Frames.plain(Frames.FAR, Frames.A, 60), TxRing.CC | TxRing.VLE | 1L << 36);
        tx.doorbell();
        lab.run();
        assertEquals(60, lab.sent().length, "never inserted");
    }

    @Test
    void linkDownHoldsThePacketAndTheHead() {
        lab.wire.setUp(false);
        int at = tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(1, tx.head(), "the context is consumed, the packet is not");
        lab.wire.setUp(true);
        lab.run();
        assertTrue(tx.done(at));
    }

    @Test
    void busyWireStallsTheQueueUntilNextEvent() {
        int sent = 0;
        for (int i = 0; i < 30; i++) {
            tx.send(Frames.plain(Frames.FAR, Frames.A, 1500));
        }
        sent += lab.run();
        assertTrue(sent > 20 && sent < 30, "about 32 KiB go at once: " + sent);
        long next = lab.nic.nextEvent();
        assertTrue(next > lab.now && next < lab.now + 1_300, "one frame time: " + (next - lab.now));
        lab.now = next;
        assertEquals(1, lab.run());
        for (int i = 0; i < 40 && sent < 29; i++) {
            lab.now = Math.max(lab.now, lab.nic.nextEvent());
            sent += lab.run();
        }
        assertEquals(29, sent);
        assertEquals(60, tx.head());
    }

    @Test
    void rateLimitSpacesFrames() {
        lab.pf.csr.write32(0x4904, 0);
        lab.pf.csr.write32(0x4984, 1 << 31 | 100 << 14); // 10 Gb/s by 100
        for (int i = 0; i < 11; i++) {
            tx.send(Frames.plain(Frames.FAR, Frames.A, 1246));
        }
        long begin = lab.now;
        int sent = lab.run();
        while (sent < 11) {
            long next = lab.nic.nextEvent();
            assertTrue(next > lab.now);
            lab.now = next;
            sent += lab.run();
        }
        assertEquals(10 * 1250 * 8 * 10, lab.now - begin, "1250 bytes take 100 us at 100 Mb/s");
    }

    private void malformed(String... words) {
        lab.run();
        lab.oneViolation(words);
        assertNull(lab.sent());
        int at = tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertTrue(tx.done(at), "the queue goes on");
    }

    @Test
    void wrongPaylenIsDroppedAndCompleted() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 100);
        tx.context(0, 0, 14, 20, 0);
        int at = tx.part(frame, 0, 100, 99, TxRing.CC | TxRing.EOP | TxRing.RS);
        tx.doorbell();
        malformed("nic0/vf0", "PAYLEN 99");
        assertTrue(tx.done(at));
    }

    @Test
    void missingCheckContextIsMalformedWhenTheSwitchLooksInside() {
        tx.data(Frames.plain(Frames.FAR, Frames.A, 60), 0);
        tx.doorbell();
        malformed("CC is clear");
    }

    @Test
    void contextThatWasNeverLoadedIsMalformed() {
        tx.data(Frames.plain(Frames.FAR, Frames.A, 60), TxRing.CC | 1L << 36);
        tx.doorbell();
        malformed("context 1 was never loaded");
    }

    @Test
    void unknownDescriptorTypeIsMalformed() {
        tx.put(0x1234, 5L << 20 | TxRing.DEXT | TxRing.EOP | TxRing.RS);
        tx.doorbell();
        malformed("DTYP 5");
    }

    @Test
    void reportInTheMiddleIsMalformed() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 60);
        tx.context(0, 0, 14, 20, 0);
        tx.part(frame, 0, 30, 60, TxRing.CC | TxRing.RS);
        tx.part(frame, 30, 30, 0, TxRing.EOP);
        tx.doorbell();
        malformed("RS without EOP");
    }

    @Test
    void tailInsideAPacketIsRecordedOnceAndWaits() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 60);
        tx.context(0, 0, 14, 20, 0);
        tx.part(frame, 0, 30, 60, TxRing.CC);
        tx.doorbell();
        lab.run();
        lab.run();
        lab.oneViolation("not at the end of a packet");
        tx.part(frame, 30, 30, 0, TxRing.EOP | TxRing.RS);
        tx.doorbell();
        lab.run();
        assertArrayEquals(frame, lab.sent());
    }

    @Test
    void tailOutsideTheRingIsRecorded() {
        vf.csr.write32(0x2018, 64);
        lab.run();
        lab.oneViolation("TDT 64");
    }

    @Test
    void dmaFaultStopsOneFunctionAndNotTheOthers() {
        tx.context(0, 0, 14, 20, 0);
        tx.put(0xDEAD_0000L, 60L << 46 | 3L << 20 | TxRing.DEXT | TxRing.IFCS | TxRing.CC | TxRing.EOP | TxRing.RS
                | 60);
        tx.doorbell();
        TxRing other = lab.vf[1].tx();
        int at = other.send(Frames.plain(Frames.FAR, Frames.B, 60));
        lab.run();
        lab.oneViolation("nic0/vf0", "0xdead0000");
        assertTrue(other.done(at));
        tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(1, lab.violations.count(), "the function does nothing until it is reset");
        assertTrue(vf.function.dma().isAborted());
        vf.csr.write32(0, 1 << 26);
        assertFalse(vf.function.dma().isAborted());
    }

    @Test
    void headIsTheDevices() {
        tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        vf.csr.write32(0x2010, 0);
        lab.oneViolation("TDH");
        assertEquals(2, tx.head());
        vf.csr.write32(0x2028, 0);
        vf.csr.write32(0x2010, 0);
        assertEquals(0, tx.head());
        vf.csr.write32(0x2010, 5);
        assertEquals(2, lab.violations.count());
        assertEquals(0, tx.head());
    }

    @Test
    void ringIsDescribedInWords() {
        tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        String text = lab.adapter.describeRing(0, 0, true);
        assertTrue(text.startsWith("Tx queue 0 of nic0/vf0 enabled size 64 head 0 tail 2"), text);
        assertTrue(text.contains("context IDX=0 MACLEN=14") && text.contains("DTALEN=60 PAYLEN=60 EOP RS CC"), text);
        lab.run();
        assertTrue(lab.adapter.describeRing(0, 0, true).contains("head 2 tail 2"));
        assertTrue(lab.adapter.describeRing(0, 0, false).startsWith("Rx queue 0 of nic0/vf0 disabled"));
        assertThrows(IllegalArgumentException.class, () -> lab.adapter.describeRing(0, 99, false));
    }

    @Test
    void ringRegistersOfAnEnabledQueueAreLocked() {
        vf.csr.write32(0x2000, 0x8000);
        lab.oneViolation("TDBAL", "enabled");
        assertEquals((int) tx.base, vf.csr.read32(0x2000));
        vf.csr.write32(0x2028, 0);
        vf.csr.write32(0x2000, 0x80FF);
        assertEquals(0x8080, vf.csr.read32(0x2000), "128-byte aligned");
        vf.csr.write32(0x2008, -1);
        assertEquals(0xFFF80, vf.csr.read32(0x2008));
    }
}
