package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.TxRing;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Checksums and segmentation, 82599 §6.3; the expected bytes are computed by the tests' own arithmetic. */
class OffloadTest {

    private static final long IPV4 = 1L << 10;
    private static final long TCP = 1L << 11;

    private Lab lab = new Lab(1);
    private TxRing tx = lab.vf[0].tx(0x2000, 128);

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
        tx.context(0, 0, 14, iplen, (v6 ? 0 : IPV4) | (tcp ? TCP : 0) | (tcp ? 20L : 8L) << 40);
        tx.data(posted, TxRing.CC | TxRing.TXSM | (v6 ? 0 : TxRing.IXSM));
        tx.doorbell();
        lab.run();
        byte[] out = lab.sent();
        assertArrayEquals(whole, java.util.Arrays.copyOf(out, whole.length));
        lab.noViolations();
    }

    private static byte[] prototype(boolean v6, int payload) {
        byte[] frame = v6 ? Frames.ipv6(Frames.FAR, Frames.A, 6, payload)
                : Frames.ipv4(Frames.FAR, Frames.A, 6, payload);
        ByteBuffer b = ByteBuffer.wrap(frame);
        int at = v6 ? 54 : 34;
        if (v6) {
            b.putShort(18, (short) 0);
        } else {
            b.putShort(16, (short) 0);
            b.putShort(24, (short) 0);
        }
        frame[at + 13] = (byte) 0x99; // CWR, ACK, PSH, FIN
        Frames.seedChecksum(frame, v6 ? 22 : 26, v6 ? 32 : 8, at, 6, 0);
        return frame;
    }

    private void segmented(boolean v6, int payload, int mss, int vlan) {
        byte[] frame = prototype(v6, payload);
        int iplen = v6 ? 40 : 20;
        int header = 14 + iplen + 20;
        tx.context(1, vlan, 14, iplen, (v6 ? 0 : IPV4) | TCP | 20L << 40 | (long) mss << 48);
        long first = TxRing.CC | TxRing.TSE | 1L << 36 | (vlan == 0 ? 0 : TxRing.VLE);
        tx.part(frame, 0, header, payload, first);
        int last = -1;
        for (int from = header; from < frame.length; from += 16000) {
            int count = Math.min(16000, frame.length - from);
            last = tx.part(frame, from, count, 0, from + count == frame.length ? TxRing.EOP | TxRing.RS : 0);
        }
        tx.doorbell();
        int count = (payload + mss - 1) / mss;
        int move = vlan == 0 ? 0 : 4;
        for (int i = 0; i < count; i++) {
            lab.run();
            ByteBuffer b = ByteBuffer.wrap(lab.sent());
            int bytes = Math.min(mss, payload - i * mss);
            int l3 = 14 + move;
            int l4 = l3 + iplen;
            assertEquals(Math.max(60, l4 + 20 + bytes), b.capacity());
            if (v6) {
                assertEquals(20 + bytes, b.getShort(l3 + 4));
            } else {
                assertEquals(40 + bytes, b.getShort(l3 + 2));
                assertEquals(0x1234 + i, b.getShort(l3 + 4), "IP id");
                assertEquals(0xFFFF, Frames.sum(b, l3, 20, 0), "IPv4 checksum");
            }
            assertEquals(0x0102_0304 + i * mss, b.getInt(l4 + 4), "sequence number");
            int flags = i == count - 1 ? 0x19 : 0x90; // last: CWR off; others: PSH, FIN off and CWR left
            assertEquals(flags, b.get(l4 + 13) & 0xFF, "flags of segment " + i);
            int pseudo = Frames.sum(b, l3 + (v6 ? 8 : 12), v6 ? 32 : 8, 6 + 20 + bytes);
            assertEquals(0xFFFF, Frames.sum(b, l4, 20 + bytes, pseudo), "TCP checksum");
            for (int k = 0; k < bytes; k++) {
                assertEquals((byte) ((i * mss + k) * 13 + 1), b.get(l4 + 20 + k));
            }
            if (vlan != 0) {
                assertEquals(vlan, b.getShort(14));
            }
        }
        lab.run();
        assertNull(lab.sent());
        assertTrue(tx.done(last));
        lab.noViolations();
    }

    @Test
    void largeIpv4PacketIsSegmentedAcrossAFullWire() {
        segmented(false, 60_000, 1448, 0);
    }

    @Test
    void ipv6PacketIsSegmentedWithVlan() {
        segmented(true, 5_000, 1400, 77);
    }

    @Test
    void payloadOfWholeSegmentsHasNoEmptyLastOne() {
        segmented(false, 2920, 1460, 0);
    }

    @Test
    void segmentationWithoutMssIsMalformed() {
        byte[] frame = prototype(false, 100);
        tx.context(1, 0, 14, 20, IPV4 | TCP | 20L << 40);
        int at = tx.part(frame, 0, frame.length, 100, TxRing.CC | TxRing.TSE | 1L << 36 | TxRing.EOP | TxRing.RS);
        tx.doorbell();
        lab.run();
        lab.oneViolation("MSS 0");
        assertTrue(tx.done(at));
    }

    @Test
    void zeroUdpChecksumIsSentAsAllOnes() {
        byte[] frame = Frames.ipv4(Frames.FAR, Frames.A, 17, 2);
        ByteBuffer b = ByteBuffer.wrap(frame);
        b.putShort(40, (short) 0).putShort(42, (short) 0);
        int pseudo = Frames.sum(b, 26, 8, 17 + 10);
        b.putShort(42, (short) ~Frames.sum(b, 34, 10, pseudo)); // makes the whole sum 0xFFFF
        Frames.seedChecksum(frame, 26, 8, 34, 17, 10);
        tx.context(0, 0, 14, 20, IPV4 | 8L << 40);
        tx.data(frame, TxRing.CC | TxRing.TXSM);
        tx.doorbell();
        lab.run();
        assertEquals((short) -1, ByteBuffer.wrap(lab.sent()).getShort(40));
    }

    @Test
    void flagMasksOfFirstMiddleAndLastSegmentAreProgrammable() {
        lab.pf.csr.write32(0x4A88, 0xF76 << 16 | 0xFF7);
        lab.pf.csr.write32(0x4A8C, 0xF6F);
        byte[] frame = prototype(false, 300);
        tx.context(1, 0, 14, 20, IPV4 | TCP | 20L << 40 | 100L << 48);
        tx.part(frame, 0, frame.length, 300, TxRing.CC | TxRing.TSE | 1L << 36 | TxRing.EOP | TxRing.RS);
        tx.doorbell();
        lab.run();
        // CWR, ACK, PSH, FIN: 0x99
        assertEquals((byte) 0x91, lab.sent()[47]);
        assertEquals((byte) 0x10, lab.sent()[47]);
        assertEquals((byte) 0x09, lab.sent()[47]);
    }
}
