package dev.npa.plugin.intel.regs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.niantic.regs.NianticQueues;
import dev.npa.shell.PacketFlags;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Fields of descriptors do not disturb each other. */
class DescriptorPropertyTest {

    @Property
    void contextFieldsComeBackFromTheirBits(@ForAll @IntRange(max = 127) int maclen,
            @ForAll @IntRange(max = 511) int iplen, @ForAll @IntRange(max = 65535) int vlan,
            @ForAll @IntRange(max = 255) int l4len, @ForAll @IntRange(max = 65535) int mss,
            @ForAll @IntRange(max = 1) int idx) {
        long q0 = TxContextDescriptor.q0(maclen, iplen, vlan);
        assertEquals(iplen, q0 & 0x1FF);
        assertEquals(maclen, q0 >>> 9 & 0x7F);
        assertEquals(vlan, q0 >>> 16);
        long q1 = TxContextDescriptor.q1(TxContextDescriptor.IPV4, l4len, mss)
                | (long) idx << TxContextDescriptor.IDX_SHIFT;
        assertEquals(mss, q1 >>> 48);
        assertEquals(l4len, q1 >>> 40 & 0xFF);
        assertEquals(idx, q1 >>> 36 & 0xF);
        assertEquals(0x2020_0400L, q1 & 0xFFFF_FFFFL);
    }

    @Property
    void dataFieldsComeBackFromTheirBits(@ForAll @IntRange(max = (1 << 18) - 1) int paylen,
            @ForAll @IntRange(max = 16384) int length, @ForAll @IntRange(max = 1) int idx) {
        long q1 = AdvancedTxDescriptor.BASE | AdvancedTxDescriptor.TXSM
                | (long) idx << AdvancedTxDescriptor.IDX_SHIFT | (long) paylen << AdvancedTxDescriptor.PAYLEN_SHIFT | length;
        assertEquals(paylen, q1 >>> 46);
        assertEquals(length, q1 & 0xFFFF);
        assertEquals(idx, q1 >>> 36 & 7);
        assertEquals(0b10, q1 >>> 40 & 0x3F);
    }

    @Property
    void receiveStatusIsNeverGoodAndBadAtOnce(@ForAll long q0, @ForAll long q1) {
        int flags = NianticQueues.CHIP.rx().flags(q0, q1);
        int ip = PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD;
        int l4 = PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;
        assertEquals(false, (flags & ip) == ip || (flags & l4) == l4);
        assertEquals((q1 >>> 6 & 1) != 0, (flags & ip) != 0);
        assertEquals((q1 >>> 3 & 1) != 0, (flags & PacketFlags.RX_VLAN) != 0);
        assertEquals(0, flags & (PacketFlags.WHOLE | PacketFlags.ABORTED));
    }
}
