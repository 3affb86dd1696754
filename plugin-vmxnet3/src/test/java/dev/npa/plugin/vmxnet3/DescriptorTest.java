package dev.npa.plugin.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.PacketFlags;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Byte vectors of the fact sheet's section 16, and packing properties. */
class DescriptorTest {

    private static final long END = TxDescriptor.EOP | TxDescriptor.CQ;
    private static final int GOOD_TCP4 = 1 << 21 | 1 << 19 | 1 << 18 | 1 << 16;

    private static long dwords(int low, int high) {
        return (long) high << 32 | Integer.toUnsignedLong(low);
    }

    /** Results of a completion with these dwords 0 and 3. */
    private static int flags(int d0, int d3) {
        return RxCompletion.flags(dwords(d0, 0), dwords(0, d3));
    }

    @Test
    void txDescriptorsOfAChecksumAndVlanPacketHaveTheMeasuredBytes() {
        assertEquals(dwords(0x00c84036, 0x60078822),
                TxDescriptor.length(54) | TxDescriptor.GEN | TxDescriptor.checksum(34, 50) | TxDescriptor.vlan(0x6007));
        assertEquals(dwords(0x00004064, 0x00003000), TxDescriptor.length(100) | TxDescriptor.GEN | END);
    }

    @Test
    void txDescriptorsOfATsoPacketHaveTheMeasuredBytes() {
        assertEquals(dwords(0x0fa04036, 0x00000c36), TxDescriptor.length(54) | TxDescriptor.GEN | TxDescriptor.tso(54, 1000));
        assertEquals(dwords(0x00004bb8, 0x00003000), TxDescriptor.length(3000) | TxDescriptor.GEN | END);
    }

    @Test
    void aFullTransmitBufferIsWrittenAsLengthZero() {
        assertEquals(0, TxDescriptor.length(16384));
        assertEquals(0x3FFF, TxDescriptor.length(16383));
    }

    @Test
    void rxDescriptorsHaveTheMeasuredBytes() {
        assertEquals(dwords(0x80000100, 0), 256 | RxDescriptor.HEAD | RxDescriptor.GEN);
        assertEquals(dwords(0x80005000, 0), 4096 | RxDescriptor.BODY | RxDescriptor.GEN);
    }

    @Test
    void aTaggedFramesCompletionHasTheMeasuredMeaning() {
        long low = dwords(0x4000c000, 0);
        long high = dwords(0x6000803c, 0x80000000);
        assertTrue(RxCompletion.isSop(low) && RxCompletion.isEop(low));
        assertEquals(0, RxCompletion.rqId(low));
        assertEquals(60, RxCompletion.length(high));
        assertEquals(0x6000, RxCompletion.tci(high));
        assertFalse(RxCompletion.isError(high));
        assertEquals(PacketFlags.RX_VLAN, RxCompletion.flags(low, high));
    }

    @Test
    void completionsOfASplitFrameHaveTheMeasuredMeaning() {
        int[][] rcd = {{0x00008001, 0x00000100}, {0x00010000, 0x00001000}, {0x40014001, 0x00000296}};
        int total = 0;
        for (int i = 0; i < rcd.length; i++) {
            assertEquals(i == 0, RxCompletion.isSop(rcd[i][0]));
            assertEquals(i == 2, RxCompletion.isEop(rcd[i][0]));
            assertEquals(i == 0 ? 0 : 1, RxCompletion.rqId(rcd[i][0]));
            assertEquals(i == 1 ? 0 : 1, RxCompletion.rxdIdx(rcd[i][0]));
            total += RxCompletion.length(rcd[i][1]);
        }
        assertEquals(5014, total);
    }

    @Test
    void checksumResultsFollowTheGoodTest() {
        int tcp4 = PacketFlags.RX_IPV4 | PacketFlags.RX_TCP;
        assertEquals(tcp4 | PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_GOOD, flags(0, GOOD_TCP4));
        assertEquals(0, flags(1 << 30, GOOD_TCP4), "cnc: nothing was calculated");
        assertEquals(tcp4 | PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_BAD,
                flags(0, GOOD_TCP4 & ~(1 << 16)));
        assertEquals(tcp4 | PacketFlags.RX_IP_GOOD, flags(0, GOOD_TCP4 & ~(1 << 16) | 0x1234),
                "a raw sum is not a verdict");
        assertEquals(tcp4 | PacketFlags.RX_IP_BAD, flags(0, GOOD_TCP4 & ~(1 << 19)),
                "tuc without ipc counts for nothing over IPv4");
        assertEquals(PacketFlags.RX_IPV6 | PacketFlags.RX_UDP | PacketFlags.RX_L4_GOOD,
                flags(0, 1 << 20 | 1 << 17 | 1 << 16));
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_IP_GOOD | PacketFlags.RX_FRAGMENT,
                flags(0, 1 << 22 | 1 << 21 | 1 << 19 | 1 << 17));
    }

    @Test
    void anLroCompletionHasNoHash() {
        int rssTcp = 2 << 26 | 1 << 30;
        assertEquals(PacketFlags.RX_HASH, flags(rssTcp, 3 << 24));
        assertEquals(0, flags(rssTcp, 4 << 24));
    }

    @Property
    void txWordFieldsDoNotOverlap(@ForAll @IntRange(min = 1, max = 16384) int length,
            @ForAll @IntRange(max = 1023) int hlen, @ForAll @IntRange(max = 16383) int mss,
            @ForAll @IntRange(max = 65535) int tci) {
        long word = TxDescriptor.length(length) | TxDescriptor.tso(hlen, mss) | TxDescriptor.vlan(tci) | END;
        int d2 = (int) word;
        int d3 = (int) (word >>> 32);
        assertEquals(length % 16384, d2 & 0x3FFF);
        assertEquals(0, d2 >>> 14 & 1);
        assertEquals(0, d2 >>> 15 & 7);
        assertEquals(mss, d2 >>> 18);
        assertEquals(hlen, d3 & 0x3FF);
        assertEquals(3, d3 >>> 10 & 3);
        assertEquals(0b1011, d3 >>> 12 & 0xF);
        assertEquals(tci, d3 >>> 16);
    }

    @Property
    void theVerdictOfEveryBitCombinationFollowsTheGoodTest(@ForAll @IntRange(max = 127) int bits) {
        boolean v4 = (bits & 1 << 5) != 0;
        boolean v6 = !v4 && (bits & 1 << 4) != 0;
        boolean ipGood = (bits & 1 << 3) != 0;
        boolean fragment = (bits & 1 << 6) != 0;
        boolean l4 = !fragment && (bits & 6) != 0;
        boolean tuc = (bits & 1) != 0;
        int flags = flags(0, bits << 16);
        assertEquals(v4, (flags & PacketFlags.RX_IPV4) != 0);
        assertEquals(v6, (flags & PacketFlags.RX_IPV6) != 0);
        assertEquals(v4 && ipGood, (flags & PacketFlags.RX_IP_GOOD) != 0);
        assertEquals(v4 && !ipGood, (flags & PacketFlags.RX_IP_BAD) != 0);
        assertEquals(fragment, (flags & PacketFlags.RX_FRAGMENT) != 0);
        assertEquals(l4 && tuc && (ipGood || !v4), (flags & PacketFlags.RX_L4_GOOD) != 0);
        assertEquals(l4 && !tuc, (flags & PacketFlags.RX_L4_BAD) != 0);
    }
}
