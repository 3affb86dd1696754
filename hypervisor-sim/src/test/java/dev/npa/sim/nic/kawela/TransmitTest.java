package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.AdvancedTxDescriptor;
import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.RxRing;
import dev.npa.sim.nic.intel.TxRing;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Transmit rings, 82576 §5.1, §5.2, §6 and §9. */
class TransmitTest {

    private static final long IPV4 = 1L << 10;
    private static final long TCP = 1L << 11;
    private static final long SCTP = 1L << 12;

    private Lab lab = new Lab(2);
    private Guest vf = lab.vf[0];
    private TxRing tx = vf.tx();

    private void tag(byte[] frame, int vlan, long options) {
        tx.context(1, vlan, 14, 20, 0);
        tx.data(frame, options | 1L << 36);
        tx.doorbell();
        lab.run();
    }

    @Test
    void descriptorBytesAreThoseOfTheSheet() {
        // Context: VLAN 0x0123, MACLEN 14, IPLEN 20; IPV4, TCP, L4LEN 20, MSS 1460, IDX 1.
        long c0 = 0x0123_1C14L;
        long c1 = 0x05B4_1410_2020_0C00L;
        assertEquals(0x0123, AdvancedTxDescriptor.vlan(c0));
        assertEquals(14, AdvancedTxDescriptor.maclen(c0));
        assertEquals(20, AdvancedTxDescriptor.iplen(c0));
        assertEquals(1460, AdvancedTxDescriptor.mss(c1));
        assertEquals(20, AdvancedTxDescriptor.l4len(c1));
        assertEquals(1, AdvancedTxDescriptor.idx(c1));
        // Data: 60 bytes, PAYLEN 60, EOP IFCS RS DEXT; no context, as igbvf sends plain frames.
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 60);
        long at = vf.allocate(64);
        vf.memory.copyFrom(at, frame, 0, 60);
        int index = tx.put(at, 0x000F_0000_2B30_003CL);
        tx.doorbell();
        lab.run();
        assertArrayEquals(frame, lab.sent());
        assertTrue(tx.done(index));
        assertEquals(1L << 32, vf.memory.getLong(tx.base + 8), "write-back: DD and nothing else");
        lab.noViolations();
    }

    @Test
    void bit39IsReservedAndDoesNotAskForAContext() {
        tx.data(Frames.plain(Frames.FAR, Frames.A, 60), TxRing.CC);
        tx.doorbell();
        lab.run();
        assertEquals(60, lab.sent().length);
        lab.noViolations();
    }

    @Test
    void headWriteBackReplacesTheDescriptors() {
        long where = vf.allocate(16);
        vf.csr.write32(0x383C, 0);
        vf.csr.write32(0x3838, (int) where | 1);
        int at = tx.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(2, vf.memory.getInt(where));
        assertFalse(tx.done(at));
        assertEquals(2, tx.head());
    }

    @Test
    void shortPacketIsPaddedAndGatheredFromItsBuffers() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 50);
        tx.part(frame, 0, 14, 50, 0);
        tx.part(frame, 14, 1, 50, 0);
        int last = tx.part(frame, 15, 35, 50, TxRing.EOP | TxRing.RS);
        tx.doorbell();
        lab.run();
        assertTrue(tx.done(last));
        assertArrayEquals(Arrays.copyOf(frame, 60), lab.sent());
        lab.noViolations();
    }

    @Test
    void vlanTagComesFromTheContextOrFromVmvir() {
        byte[] frame = Frames.plain(Frames.FAR, Frames.A, 80);
        tag(frame, 0x6123, TxRing.VLE);
        byte[] out = lab.sent();
        assertArrayEquals(new byte[] {(byte) 0x81, 0, 0x61, 0x23}, Arrays.copyOfRange(out, 12, 16));
        assertArrayEquals(Arrays.copyOfRange(frame, 12, 80), Arrays.copyOfRange(out, 16, 84));
        lab.pf.csr.write32(0x3700, 1 << 30 | 0x2064);
        tag(frame, 0x6123, TxRing.VLE);
        assertArrayEquals(new byte[] {(byte) 0x81, 0, 0x20, 0x64}, Arrays.copyOfRange(lab.sent(), 12, 16));
        byte[] tagged = Frames.tagged(Frames.FAR, Frames.A, 5, 60);
        tag(tagged, 0, 0);
        assertArrayEquals(tagged, lab.sent(), "a tag in the frame is left alone");
        lab.pf.csr.write32(0x3700, 2 << 30);
        tag(frame, 0x6123, TxRing.VLE);
        assertArrayEquals(frame, lab.sent(), "never inserted");
        lab.noViolations();
    }

    @Test
    void vlanAntiSpoofRefusesTheTagThatVmvirLeaves() {
        lab.vlan(1, 100, 1);
        lab.pf.csr.write32(0x3700, 1 << 30 | 100);
        lab.orPf(0x3500, 1 << 8);
        tag(Frames.tagged(Frames.FAR, Frames.A, 5, 60), 0, 0);
        assertNull(lab.sent());
        lab.oneViolation("spoofed", "VLAN 5");
        tag(Frames.plain(Frames.FAR, Frames.A, 60), 0, 0);
        assertEquals(64, lab.sent().length);
    }

    @Property(tries = 60)
    void checksumsAreInserted(@ForAll @IntRange(max = 1400) int payload, @ForAll boolean v6, @ForAll boolean tcp) {
        lab = new Lab(1);
        tx = lab.vf[0].tx();
        int protocol = tcp ? 6 : 17;
        byte[] whole = v6 ? Frames.ipv6(Frames.FAR, Frames.A, protocol, payload)
                : Frames.ipv4(Frames.FAR, Frames.A, protocol, payload);
        byte[] posted = whole.clone();
        int iplen = v6 ? 40 : 20;
        int at = 14 + iplen;
        if (!v6) {
            posted[24] = 0x55; // the device computes the sum anew
        }
        Frames.seedChecksum(posted, v6 ? 22 : 26, v6 ? 32 : 8, at, protocol, whole.length - at);
        tx.context(0, 0, 14, iplen, (v6 ? 0 : IPV4) | (tcp ? TCP : 0));
        tx.data(posted, TxRing.TXSM | (v6 ? 0 : TxRing.IXSM));
        tx.doorbell();
        lab.run();
        assertArrayEquals(whole, Arrays.copyOf(lab.sent(), whole.length));
        lab.noViolations();
    }

    @Test
    void sctpGetsItsCrc() {
        byte[] frame = Frames.ipv4(Frames.FAR, Frames.A, 17, 40);
        frame[23] = (byte) 132;
        tx.context(0, 0, 14, 20, IPV4 | SCTP);
        tx.data(frame, TxRing.TXSM);
        tx.doorbell();
        lab.run();
        byte[] out = lab.sent();
        int got = Integer.reverseBytes(ByteBuffer.wrap(out).getInt(42));
        Arrays.fill(out, 42, 46, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(out, 34, out.length - 34);
        assertEquals((int) crc.getValue(), got);
    }

    @Test
    void zeroUdpChecksumIsSentAsAllOnes() {
        byte[] frame = Frames.ipv4(Frames.FAR, Frames.A, 17, 2);
        ByteBuffer b = ByteBuffer.wrap(frame);
        b.putShort(40, (short) 0).putShort(42, (short) 0);
        int pseudo = Frames.sum(b, 26, 8, 17 + 10);
        b.putShort(42, (short) ~Frames.sum(b, 34, 10, pseudo)); // makes the whole sum 0xFFFF
        Frames.seedChecksum(frame, 26, 8, 34, 17, 10);
        tx.context(0, 0, 14, 20, IPV4);
        tx.data(frame, TxRing.TXSM);
        tx.doorbell();
        lab.run();
        assertEquals((short) -1, ByteBuffer.wrap(lab.sent()).getShort(40));
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
        int at = tx.part(Frames.plain(Frames.FAR, Frames.A, 100), 0, 100, 99, TxRing.EOP | TxRing.RS);
        tx.doorbell();
        malformed("nic0/vf0", "PAYLEN 99");
        assertTrue(tx.done(at));
    }

    @Test
    void missingFcsAndMissingContextAreMalformed() {
        tx.put(vf.allocate(64), 60L << 46 | 3L << 20 | TxRing.DEXT | TxRing.EOP | 60);
        tx.doorbell();
        malformed("IFCS");
        tx.data(Frames.ipv4(Frames.FAR, Frames.A, 6, 10), TxRing.TXSM | 1L << 36);
        tx.doorbell();
        lab.run();
        assertEquals(2, lab.violations.count());
        assertTrue(lab.violations.list().get(1).toString().contains("context 1 was never loaded"));
    }

    @Test
    void legacyDescriptorIsMalformed() {
        tx.put(vf.allocate(64), TxRing.EOP | TxRing.IFCS | 60);
        tx.doorbell();
        malformed("legacy");
    }

    @Test
    void rateLimitPacesTheQueueOfTheVf() {
        lab.pf.csr.write32(0x3604, 0);
        lab.pf.csr.write32(0x36B0, 1 << 31 | 10 << 14); // 1 Gb/s by 10
        assertEquals(1 << 31 | 10 << 14, lab.pf.csr.read32(0x36B0));
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
        lab.pf.csr.write32(0x3604, 1);
        assertEquals(0, lab.pf.csr.read32(0x36B0), "queue 1 has no limit");
    }

    @Test
    void jumboGoesOutAndBetweenPools() {
        lab.address(1, Frames.B, 2);
        RxRing rx = lab.vf[1].rx();
        byte[] frame = Frames.plain(Frames.B, Frames.A, 9014);
        tx.data(frame, 0);
        tx.data(Frames.plain(Frames.FAR, Frames.A, 9014), 0);
        tx.doorbell();
        lab.run();
        assertEquals(9014, lab.sent().length);
        assertArrayEquals(Arrays.copyOf(frame, 2048), rx.next());
        lab.noViolations();
    }
}
