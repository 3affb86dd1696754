package dev.npa.plugin.intel.regs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.niantic.regs.NianticQueues;
import dev.npa.shell.PacketFlags;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes in memory as the fact sheet's bit tables give them (§6). */
class DescriptorVectorTest {

    private static final long DATA = NianticQueues.CHIP.dataBits();
    private static final RxFormat RX = NianticQueues.CHIP.rx();

    private static String bytes(long q0, long q1) {
        DmaMemory window = PhysicalMemory.allocate(0, 4096).window(0, 16);
        window.putLong(0, q0);
        window.putLong(8, q1);
        byte[] bytes = new byte[16];
        window.get(0, bytes, 0, 16);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void plainDataDescriptorOfA60ByteFrame() {
        long q1 = DATA | 60L << AdvancedTxDescriptor.PAYLEN_SHIFT | AdvancedTxDescriptor.EOP | AdvancedTxDescriptor.RS | 60;
        // address | DTALEN 003c | DTYP 3 | EOP IFCS RS DEXT = 2b | CC = 80 | PAYLEN 60 << 14 in dword 3
        assertEquals("00100000010000003c00302b80000f00", bytes(0x1_0000_1000L, q1));
    }

    @Test
    void dataDescriptorWithEveryOption() {
        long options = AdvancedTxDescriptor.VLE | AdvancedTxDescriptor.TSE | AdvancedTxDescriptor.IXSM
                | AdvancedTxDescriptor.TXSM | 1L << AdvancedTxDescriptor.IDX_SHIFT;
        long q1 = DATA | options | 0x3FFFFL << AdvancedTxDescriptor.PAYLEN_SHIFT | 0x1234;
        // dword 2: 34 12 | 30 | IFCS DEXT VLE TSE = e2; dword 3: IDX 1 << 4, CC 80, IXSM TXSM 3, PAYLEN all ones
        assertEquals("00000000000000003412" + "30e2" + "90c3ffff", bytes(0, q1));
    }

    @Test
    void contextDescriptorOfTsoOverIpv4WithATag() {
        long q0 = TxContextDescriptor.q0(14, 20, 0xA123);
        long q1 = TxContextDescriptor.q1(TxContextDescriptor.IPV4 | TxContextDescriptor.L4T_TCP, 32, 1448)
                | 1L << TxContextDescriptor.IDX_SHIFT;
        // q0: 14 << 9 | 20 = 1c14, tag a123; q1: IPV4 L4T=01 = 0c00, DTYP 2 DEXT, IDX 1, L4LEN 20, MSS 05a8
        assertEquals("141c23a100000000" + "000c2020" + "1020a805", bytes(q0, q1));
    }

    @Test
    void plainContextDescriptorHasMaclenOnly() {
        assertEquals("001c000000000000" + "00002020" + "00000000",
                bytes(TxContextDescriptor.plainQ0(0, 0), TxContextDescriptor.PLAIN));
    }

    @Test
    void receiveWriteBackOfACheckedTcpPacketWithTagAndHash() {
        // RSS type 1, packet type IPv4 | TCP = bits 4 and 8; hash deadbeef
        long q0 = 0xDEADBEEFL << 32 | 0x111;
        // DD EOP VP L4CS IPCS = 6b, LB bit 18; length 05dc; tag 6064
        long q1 = 0x6064_05DC_0004_006BL;
        assertEquals(1500, AdvancedRxDescriptor.length(q1));
        assertEquals(0x6064_DEAD_BEEFL, AdvancedRxDescriptor.offload(q0, q1));
        assertEquals(PacketFlags.RX_VLAN | PacketFlags.RX_L4_GOOD | PacketFlags.RX_IP_GOOD | PacketFlags.RX_LOOPBACK
                | PacketFlags.RX_HASH | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP, RX.flags(q0, q1));
    }

    @Test
    void wrongChecksumsAreReportedOnlyIfChecked() {
        long wrong = 1L << 30 | 1L << 31;
        assertEquals(0, RX.flags(0, wrong));
        assertEquals(PacketFlags.RX_L4_BAD, RX.flags(0, wrong | 1 << 5));
        assertEquals(PacketFlags.RX_IP_BAD, RX.flags(0, wrong | 1 << 6));
    }

    @Test
    void aWrongUdpChecksumSaysNothing() {
        long udp = 1 << 9 | 1 << 4;
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_UDP,
                RX.flags(udp, 1 << 5 | 1L << 30));
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_UDP | PacketFlags.RX_L4_GOOD,
                RX.flags(udp, 1 << 5));
    }

    @Test
    void anL2TypeIsNoIpPacket() {
        assertEquals(0, RX.flags(1 << 15 | 3 << 4, 0));
    }

    @Test
    void flowDirectorReportIsNoHash() {
        assertEquals(0, RX.flags(15, 0));
        assertEquals(PacketFlags.RX_HASH, RX.flags(9, 0));
    }

    @Test
    void frameErrorsAreThoseThatMakeAFrameWorthless() {
        assertEquals(0x3B00_0000L, RX.frameErrors());
    }
}
