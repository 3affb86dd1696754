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

    private static final int GOOD_TCP4 = 1 << 21 | 1 << 19 | 1 << 18 | 1 << 16;

    private static long dwords(int low, int high) {
        return (long) high << 32 | Integer.toUnsignedLong(low);
    }

    @Test
    void txDescriptorsOfAChecksumAndVlanPacketHaveTheMeasuredBytes() {
        assertEquals(dwords(0x00c84036, 0x60078822),
                TxDescriptor.word(54, 1) | TxDescriptor.checksum(34, 50) | TxDescriptor.vlan(0x6007));
        assertEquals(dwords(0x00004064, 0x00003000), TxDescriptor.word(100, 1) | TxDescriptor.END);
    }

    @Test
    void txDescriptorsOfATsoPacketHaveTheMeasuredBytes() {
        assertEquals(dwords(0x0fa04036, 0x00000c36), TxDescriptor.word(54, 1) | TxDescriptor.tso(54, 1000));
        assertEquals(dwords(0x00004bb8, 0x00003000), TxDescriptor.word(3000, 1) | TxDescriptor.END);
    }

    @Test
    void aFullTransmitBufferIsWrittenAsLengthZero() {
        assertEquals(0x4000, TxDescriptor.word(16384, 1));
        assertEquals(0x3FFF, TxDescriptor.word(16383, 0));
    }

    @Test
    void txCompletionsHaveTheMeasuredMeaning() {
        assertEquals(3, TxCompletion.txdIdx(3));
        assertEquals(1, TxCompletion.generation(0x80000000));
        assertEquals(0, TxCompletion.generation(0));
    }

    @Test
    void rxDescriptorsHaveTheMeasuredBytes() {
        assertEquals(dwords(0x80000100, 0), RxDescriptor.word(256, RxDescriptor.HEAD, 1));
        assertEquals(dwords(0x80005000, 0), RxDescriptor.word(4096, RxDescriptor.BODY, 1));
    }

    @Test
    void aTaggedFramesCompletionHasTheMeasuredMeaning() {
        int d0 = 0x4000c000;
        int d2 = 0x6000803c;
        int d3 = 0x80000000;
        assertTrue(RxCompletion.isSop(d0) && RxCompletion.isEop(d0));
        assertEquals(0, RxCompletion.rqId(d0));
        assertEquals(60, RxCompletion.length(d2));
        assertEquals(0x6000, RxCompletion.tci(d2));
        assertFalse(RxCompletion.isError(d2));
        assertEquals(PacketFlags.RX_VLAN, RxCompletion.flags(d0, d2, d3));
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
        assertEquals(tcp4 | PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_GOOD, RxCompletion.flags(0, 0, GOOD_TCP4));
        assertEquals(0, RxCompletion.flags(1 << 30, 0, GOOD_TCP4), "cnc: nothing was calculated");
        assertEquals(tcp4 | PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_BAD,
                RxCompletion.flags(0, 0, GOOD_TCP4 & ~(1 << 16)));
        assertEquals(tcp4 | PacketFlags.RX_IP_GOOD, RxCompletion.flags(0, 0, GOOD_TCP4 & ~(1 << 16) | 0x1234),
                "a raw sum is not a verdict");
        assertEquals(tcp4 | PacketFlags.RX_IP_BAD, RxCompletion.flags(0, 0, GOOD_TCP4 & ~(1 << 19)),
                "tuc without ipc counts for nothing over IPv4");
        assertEquals(PacketFlags.RX_IPV6 | PacketFlags.RX_UDP | PacketFlags.RX_L4_GOOD,
                RxCompletion.flags(0, 0, 1 << 20 | 1 << 17 | 1 << 16));
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_IP_GOOD | PacketFlags.RX_FRAGMENT,
                RxCompletion.flags(0, 0, 1 << 22 | 1 << 21 | 1 << 19 | 1 << 17));
    }

    @Test
    void anLroCompletionHasNoHash() {
        int rssTcp = 2 << 26 | 1 << 30;
        assertEquals(PacketFlags.RX_HASH, RxCompletion.flags(rssTcp, 0, 3 << 24));
        assertEquals(0, RxCompletion.flags(rssTcp, 0, 4 << 24));
    }

    @Property
    void txWordFieldsDoNotOverlap(@ForAll @IntRange(min = 1, max = 16384) int length,
            @ForAll @IntRange(max = 1) int gen, @ForAll @IntRange(max = 1023) int hlen,
            @ForAll @IntRange(max = 16383) int mss, @ForAll @IntRange(max = 65535) int tci) {
        long word = TxDescriptor.word(length, gen) | TxDescriptor.tso(hlen, mss) | TxDescriptor.vlan(tci)
                | TxDescriptor.END;
        int d2 = (int) word;
        int d3 = (int) (word >>> 32);
        assertEquals(length % 16384, d2 & 0x3FFF);
        assertEquals(gen, d2 >>> 14 & 1);
        assertEquals(0, d2 >>> 15 & 7);
        assertEquals(mss, d2 >>> 18);
        assertEquals(hlen, d3 & 0x3FF);
        assertEquals(3, d3 >>> 10 & 3);
        assertEquals(0b1011, d3 >>> 12 & 0xF);
        assertEquals(tci, d3 >>> 16);
    }

    @Property
    void rxWordFieldsDoNotOverlap(@ForAll @IntRange(min = 128, max = 16383) int length,
            @ForAll @IntRange(max = 1) int btype, @ForAll @IntRange(max = 1) int gen) {
        assertEquals(Integer.toUnsignedLong(length | btype << 14 | gen << 31), RxDescriptor.word(length, btype, gen));
    }
}
