package dev.npa.plugin.broadcom.regs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.broadcom.ring.Limits;
import dev.npa.plugin.support.TxRequest;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The fact sheet's byte vectors, §18. */
class VectorTest {

    /** To 02:11:22:33:44:55 from 02:aa:bb:cc:dd:ee, IPv4. */
    private static final long HEAD = 0x0211_2233_4455_02AAL;
    private static final long TAIL = 0xBBCC_DDEE_0800_4500L;

    private static String bytes(long q0, long q1) {
        return HexFormat.of().formatHex(
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(q0).putLong(q1).array());
    }

    private static String hex(String spaced) {
        return spaced.replace(" ", "");
    }

    @Test
    void startDescriptors() {
        assertEquals(hex("00604523 01000000 0200 3c00 0008 10 01"),
                bytes(0x1_2345_6000L, TxBd.start(2, 60, 0x0800, TxBd.START)));
        assertEquals(hex("00604523 01000000 0400 3600 0008 52 01"), bytes(0x1_2345_6000L,
                TxBd.start(4, 54, 0x0800, TxBd.START | TxBd.L4_CSUM | TxBd.SW_LSO)));
        assertEquals(hex("00604523 01000000 0200 3c00 6460 14 01"), bytes(0x1_2345_6000L,
                TxBd.start(2, 60, 3 << 13 | 100, TxBd.START | TxBd.VLAN_OUT_OF_BAND)));
        assertEquals(hex("00604523 01000000 0200 4000 6400 18 01"), bytes(0x1_2345_6000L,
                TxBd.start(2, 64, 100, TxBd.START | TxBd.VLAN_IN_BAND)));
        assertEquals(hex("00604523 01000000 0200 3c00 0008 32 01"), bytes(0x1_2345_6000L,
                TxBd.start(2, 60, 0x0800, TxBd.START | TxBd.L4_CSUM | TxBd.IS_UDP)));
    }

    @Test
    void parseDescriptors() {
        assertEquals(hex("554433221102 eeddccbbaa02 00000040"),
                bytes(TxBd.parse0(HEAD, TAIL), TxBd.parse1(HEAD, TAIL, 0)));
        TxRequest tso = request(PacketFlags.TX_TSO, 20, 1460);
        assertEquals(0x52, TxBd.flags(tso));
        assertEquals(hex("554433221102 eeddccbbaa02 1128b445"),
                bytes(TxBd.parse0(HEAD, TAIL), TxBd.parse1(HEAD, TAIL, TxBd.parsing(tso))));
        assertEquals(0x11, TxBd.parsing(request(PacketFlags.TX_UDP_CHECKSUM, 8, 0)));
    }

    private static TxRequest request(int flags, int l4, int mss) {
        TxRequest request = new TxRequest(new PluginConfig(1, 1, 128, 128, 1500, 0, EnumSet.allOf(Feature.class)),
                Limits.CAPABILITIES);
        PacketBurst burst = new PacketBurst(1);
        burst.add(0, 0, 1500, PacketFlags.WHOLE | PacketFlags.TX_IPV4 | flags);
        burst.offload(0, PacketBurst.txOffload(14, 20, l4, mss, 0));
        assertTrue(request.read(burst, 0, 1));
        return request;
    }

    @Test
    void dataDescriptors() {
        assertEquals(hex("36604523 01000000 0000 9200 00000000"), bytes(0x1_2345_6036L, TxBd.data(146, 0)));
        assertEquals(hex("00000000 02000000 c810 0010 00000000"), bytes(0x2_0000_0000L, TxBd.data(4096, 4296)));
        assertEquals(TxBd.data(100, 66), TxBd.data(100, 65536 + 66), "a packet's length is told modulo 65536");
    }

    @Test
    void doorbellAndInterruptWords() {
        assertEquals(0x0002_0002, VfBar.doorbell(2));
        assertEquals(0x0002_0002, VfBar.doorbell(0x1_0002), "the producer has 16 bits");
        assertEquals(0x0220_0000, VfBar.iguDisable());
        assertEquals(0x0120_0005, VfBar.iguEnable(5));
        assertEquals(0x2000 + 8 * 24, VfBar.iguAck(24));
        assertEquals(0x3000 + 32 * 135, VfBar.producers(135));
    }

    @Test
    void meRegister() {
        assertTrue(VfBar.isValidVf(0xB00));
        assertEquals(5, VfBar.absoluteVf(0xB00));
        assertFalse(VfBar.isValidVf(0xA00), "not valid yet");
        assertFalse(VfBar.isValidVf(0xB08), "VF error");
        assertFalse(VfBar.isValidVf(-1), "gone");
    }

    @Test
    void completionOfATcpFrame() {
        byte[] cqe = HexFormat.of().parseHex(hex("00 2a 00 02 78563412 0000 ea05 ea05 8900"));
        ByteBuffer words = ByteBuffer.wrap(cqe).order(ByteOrder.LITTLE_ENDIAN);
        long q0 = words.getLong(0);
        long q1 = words.getLong(8);
        assertEquals(Cqe.FAST, Cqe.type(q0));
        assertEquals(2, Cqe.placement(q0));
        assertEquals(PacketBurst.rxOffload(0x1234_5678, 0), Cqe.offload(q0, q1));
        assertEquals(1514, Cqe.packetLength(q1));
        assertEquals(1514, Cqe.lengthOnBd(q1));
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_TCP | PacketFlags.RX_HASH | PacketFlags.RX_IP_GOOD
                | PacketFlags.RX_L4_GOOD, Cqe.flags(q0, q1));
        assertEquals(1460, Cqe.mss(q1, true));
    }

    private static int results(int typeAndStatus, int parsing) {
        return Cqe.flags(typeAndStatus, (long) parsing << 48);
    }

    @Test
    void checksumsAreGoodBadOrNotChecked() {
        int v4 = 1 << 3;
        int v6 = 2 << 3;
        int udp = 2 << 7;
        int plain = PacketFlags.RX_IPV4 | PacketFlags.RX_UDP;
        assertEquals(plain | PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_GOOD, results(1 << 4, v4 | udp));
        assertEquals(plain | PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_BAD, results(1 << 5, v4 | udp));
        assertEquals(plain | PacketFlags.RX_IP_GOOD, results(1 << 15, v4 | udp), "L4 not validated");
        assertEquals(plain | PacketFlags.RX_L4_GOOD, results(1 << 14, v4 | udp), "IP not validated");
        assertEquals(PacketFlags.RX_IPV6 | PacketFlags.RX_UDP | PacketFlags.RX_L4_GOOD, results(0, v6 | udp));
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_IP_GOOD, results(0, v4), "neither TCP nor UDP");
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_IP_GOOD | PacketFlags.RX_FRAGMENT, results(0, v4 | 1 << 6));
        assertEquals(PacketFlags.RX_VLAN, results(0, 1 << 1));
        assertEquals(0, results(0, 0));
    }

    @Test
    void mssFollowsFromTheFirstSegment() {
        long length = 1514L << 16;
        int v6 = 2 << 3;
        assertEquals(1448, Cqe.mss(length | (long) (1 << 3 | 1 << 11) << 48, true), "timestamp");
        assertEquals(1440, Cqe.mss(length | (long) v6 << 48, true));
        assertEquals(1436, Cqe.mss(length | (long) (v6 | 2) << 48, false), "tag left in the frame");
        assertEquals(1440, Cqe.mss(length | (long) (v6 | 2) << 48, true));
    }
}
