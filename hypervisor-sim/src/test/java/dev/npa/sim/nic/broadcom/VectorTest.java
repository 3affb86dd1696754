package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The byte vectors of the 57712 fact sheet, section 18, and the computed numbers of others. */
class VectorTest {

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long low(String hex) {
        return bytes(hex).getLong(0);
    }

    private static long high(String hex) {
        return bytes(hex).getLong(8);
    }

    @Test
    void startBdOfAPlainFrame() {
        String bd = "00604523 01000000 0200 3c00 0008 10 01";
        assertEquals(0x1_2345_6000L, low(bd));
        assertEquals(2, TxBd.nbd(high(bd)));
        assertEquals(60, TxBd.nbytes(high(bd)));
        assertEquals(0x800, TxBd.vlanOrEtherType(high(bd)));
        assertEquals(TxBd.START_BD, TxBd.flags(high(bd)));
        assertEquals(1, TxBd.headerBds(high(bd)));
        assertEquals(0, TxBd.extraParseBds(high(bd)));
        assertEquals("start 0x123456000 nbd 2 nbytes 60 type 0x0800", TxBd.describeStart(low(bd), high(bd)));
    }

    @Test
    void parseBdHasTheAddressesReversed() {
        String bd = "554433221102 eeddccbbaa02 00000040";
        assertEquals(MacAddress.parse("02:11:22:33:44:55").value(), TxBd.destination(low(bd)));
        assertEquals(MacAddress.parse("02:aa:bb:cc:dd:ee").value(), TxBd.source(low(bd), high(bd)));
        assertEquals(TxBd.UNICAST, TxBd.addressType(TxBd.parsingData(high(bd))));
    }

    @Test
    void bdsOfASegmentationPacket() {
        String start = "00604523 01000000 0400 3600 0008 52 01";
        assertEquals(4, TxBd.nbd(high(start)));
        assertEquals(54, TxBd.nbytes(high(start)));
        assertEquals(TxBd.START_BD | TxBd.L4_CSUM | TxBd.SW_LSO, TxBd.flags(high(start)));
        int parsing = TxBd.parsingData(high("554433221102 eeddccbbaa02 1128b445"));
        assertEquals(0x45B4_2811, parsing);
        assertEquals(34, TxBd.l4Offset(parsing));
        assertEquals(20, TxBd.tcpLength(parsing));
        assertEquals(1460, TxBd.mss(parsing));
        String split = "36604523 01000000 0000 9200 00000000";
        assertEquals(0x1_2345_6036L, low(split));
        assertEquals(146, TxBd.nbytes(high(split)));
        String fragment = "00000000 02000000 c810 0010 00000000";
        assertEquals(0x2_0000_0000L, low(fragment));
        assertEquals(4096, TxBd.nbytes(high(fragment)));
        assertEquals(4296, TxBd.totalBytes(high(fragment)));
    }

    @Test
    void vlanModesAndUdp() {
        String out = "00604523 01000000 0200 3c00 6460 14 01";
        assertEquals(TxBd.VLAN_OUT_OF_BAND, TxBd.vlanMode(high(out)));
        assertEquals(3 << 13 | 100, TxBd.vlanOrEtherType(high(out)));
        String in = "00604523 01000000 0200 4000 6400 18 01";
        assertEquals(TxBd.VLAN_IN_BAND, TxBd.vlanMode(high(in)));
        assertEquals(100, TxBd.vlanOrEtherType(high(in)));
        assertEquals(64, TxBd.nbytes(high(in)));
        String udp = "00604523 01000000 0200 3c00 0008 32 01";
        assertEquals(TxBd.START_BD | TxBd.L4_CSUM | TxBd.IS_UDP, TxBd.flags(high(udp)));
        assertEquals(34, TxBd.l4Offset(0x4000_0011));
    }

    @Test
    void cqeOfATcpFrameWithHash() {
        int status = RssEngine.HASH_TCP_IPV4 | Cqe.HASH_VALID | Cqe.MAC_MATCH;
        int parsing = Cqe.PARSE_UNICAST | Cqe.OVER_ETHERNET_IPV4 | Cqe.OVER_IP_TCP;
        ByteBuffer b = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(Cqe.head(Cqe.FAST_PATH, status, 0, 2, 0x1234_5678)).putLong(Cqe.lengths(0, 1514, 1514, parsing));
        assertArrayEquals(bytes("00 2a 00 02 78563412 0000 ea05 ea05 8900").array(), b.array());
    }

    @ParameterizedTest
    @CsvSource({"01:00:5e:00:00:01, 109", "01:00:5e:00:00:fb, 245", "33:33:00:00:00:01, 95"})
    void multicastBins(String mac, int bin) {
        assertEquals(bin, EmbeddedSwitch.bin(MacAddress.parse(mac).value()));
    }

    /** Section 4.7: producer before, BDs of the packet, producer after. */
    @ParameterizedTest
    @CsvSource({"0, 2, 2", "250, 4, 254", "254, 4, 259", "251, 4, 256", "253, 2, 256", "254, 2, 257"})
    void bdProducerCountsLinks(int before, int nbd, int after) {
        PageChain chain = new PageChain(4, 1);
        int at = before;
        for (int i = 0; i < nbd; i++) {
            at = chain.settle(at) + 1;
        }
        assertEquals(after, chain.settle(at));
    }
}
