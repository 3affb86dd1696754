package dev.npa.plugin.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.RxFormat;
import dev.npa.plugin.kawela.regs.KawelaQueues;
import dev.npa.shell.PacketFlags;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Bytes and bits as the 82576's fact sheet gives them, section 5. */
class DescriptorVectorTest {

    private static final RxFormat RX = KawelaQueues.CHIP.rx();
    private static final int IPV4 = 1 << 4;
    private static final int TCP = 1 << 8;
    private static final int UDP = 1 << 9;

    private static String bytes(long q0, long q1) {
        DmaMemory window = PhysicalMemory.allocate(0, 4096).window(0, 16);
        window.putLong(0, q0);
        window.putLong(8, q1);
        byte[] bytes = new byte[16];
        window.get(0, bytes, 0, 16);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void plainDataDescriptorOfA60ByteFrameHasNoCc() {
        long q1 = KawelaQueues.CHIP.dataBits() | 60L << AdvancedTxDescriptor.PAYLEN_SHIFT | AdvancedTxDescriptor.EOP
                | AdvancedTxDescriptor.RS | 60;
        // address | DTALEN 003c | DTYP 3 | EOP IFCS RS DEXT = 2b | nothing in 39:32 | PAYLEN 60 << 14 in dword 3
        assertEquals("00100000010000003c00302b00000f00", bytes(0x1_0000_1000L, q1));
    }

    @Test
    void dataDescriptorWithEveryOption() {
        long options = AdvancedTxDescriptor.VLE | AdvancedTxDescriptor.TSE | AdvancedTxDescriptor.IXSM
                | AdvancedTxDescriptor.TXSM | 1L << AdvancedTxDescriptor.IDX_SHIFT;
        long q1 = KawelaQueues.CHIP.dataBits() | options | 0x3FFFFL << AdvancedTxDescriptor.PAYLEN_SHIFT | 0x1234;
        assertEquals("00000000000000003412" + "30e2" + "10c3ffff", bytes(0, q1));
    }

    @Test
    void frameErrorsAreThoseOfThisChip() {
        assertEquals(0x9700_0000L, RX.frameErrors(), "CE SE SEQ CXE RXE");
    }

    @Test
    void receiveWriteBackOfACheckedTcpPacketWithTagAndHash() {
        long q0 = 0xDEADBEEFL << 32 | IPV4 | TCP | 1;
        long q1 = 0x6064_05DC_0004_006BL; // DD EOP VP TCPCS IPCS LB
        assertEquals(PacketFlags.RX_VLAN | PacketFlags.RX_L4_GOOD | PacketFlags.RX_IP_GOOD | PacketFlags.RX_LOOPBACK
                | PacketFlags.RX_HASH | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP, RX.flags(q0, q1));
    }

    @Test
    void wrongChecksumsAreInBits29And30() {
        int types = PacketFlags.RX_IPV4 | PacketFlags.RX_TCP;
        assertEquals(types | PacketFlags.RX_L4_BAD | PacketFlags.RX_IP_GOOD,
                RX.flags(IPV4 | TCP, 1 << 5 | 1 << 6 | 1L << 29));
        assertEquals(types | PacketFlags.RX_L4_GOOD | PacketFlags.RX_IP_BAD,
                RX.flags(IPV4 | TCP, 1 << 5 | 1 << 6 | 1L << 30));
        assertEquals(types, RX.flags(IPV4 | TCP, 1L << 29 | 1L << 30), "not checked, so neither good nor bad");
    }

    @Test
    void udpIsCheckedByItsOwnBitAndItsErrorsCount() {
        int types = PacketFlags.RX_IPV4 | PacketFlags.RX_UDP;
        assertEquals(types | PacketFlags.RX_L4_GOOD, RX.flags(IPV4 | UDP, 1 << 4));
        assertEquals(types | PacketFlags.RX_L4_GOOD, RX.flags(IPV4 | UDP, 1 << 4 | 1 << 5));
        assertEquals(types | PacketFlags.RX_L4_BAD, RX.flags(IPV4 | UDP, 1 << 4 | 1 << 5 | 1L << 29));
    }

    @Test
    void ixsmSaysThatNothingWasChecked() {
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_TCP, RX.flags(IPV4 | TCP, 1 << 2 | 1 << 5 | 1 << 6));
    }

    @Property
    void statusIsNeverGoodAndBadAtOnce(@ForAll long q0, @ForAll long q1) {
        int flags = RX.flags(q0, q1);
        int ip = PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD;
        int l4 = PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;
        boolean ignored = (q1 >>> 2 & 1) != 0;
        assertEquals(false, (flags & ip) == ip || (flags & l4) == l4);
        assertEquals(!ignored && (q1 >>> 6 & 1) != 0, (flags & ip) != 0);
        assertEquals(!ignored && (q1 >>> 4 & 3) != 0, (flags & l4) != 0);
        assertEquals((q1 >>> 3 & 1) != 0, (flags & PacketFlags.RX_VLAN) != 0);
        assertEquals(0, flags & (PacketFlags.WHOLE | PacketFlags.ABORTED));
    }
}
