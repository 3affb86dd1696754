package dev.npa.pf.broadcom.hsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PhysicalMemory;
import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import java.util.EnumSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Byte vectors of every structure that the PF gives to the firmware. */
class LayoutTest {

    private static final MacAddress MAC = MacAddress.parse("02:11:22:33:44:55");

    private final DmaMemory m = PhysicalMemory.allocate(0, 4096).window(0, 512);

    private String hex(int at, int count) {
        byte[] bytes = new byte[count];
        m.get(at, bytes, 0, count);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void slowPathElement() {
        Ramrod.write(m, 16, Ramrod.CLIENT_SETUP, Ramrod.ETHERNET, 8 + 5, 1024 + 16 * 5, 0x1_2345_6000L);
        assertEquals("50040001" + "000d0000" + "0060452301000000", hex(16, 16));
        Ramrod.write(m, 0, Ramrod.CFC_DEL, Ramrod.NONE, 0, 1, 0);
        assertEquals("01000004" + "08000000" + "0000000000000000", hex(0, 16));
    }

    @Test
    void clientSetup() {
        new ClientSetup(new ClientSetup.General(40, 4, 1500, 13),
                new ClientSetup.Rx(1, 6, 3, 40, 40, true, 8, 2048, 2048, 13, 13, 0x11_0000_0000L, 0x12_0000_0000L,
                        0x13_0000_0000L, true, 0x8000, 9, 100),
                new ClientSetup.Tx(true, 40, 40, true, true, 100, 0x14_0000_0000L)).write(m);
        assertEquals("28280100" + "0104dc05" + "010d0000" + "02000000", hex(0, 16));
        assertEquals("01000006" + "00032800" + "00000001" + "00280101" + "08010008" + "00080d0d"
                + "0000000011000000" + "0000000012000000" + "0000000013000000" + "0101" + "0080" + "0900"
                + "0000".repeat(6) + "0100" + "6400" + "ff0f" + "0000".repeat(4), hex(16, 80));
        assertEquals("01280528" + "01016400" + "0000000014000000" + "0000" + "01" + "0000000000", hex(96, 24));
        assertEquals(ClientSetup.BYTES, 120);
    }

    @Test
    void clientUpdateSetsAChangeFlagWithEachValue() {
        new ClientUpdate(40, 13, true, 100).write(m);
        assertEquals("280d" + "00000000" + "0101" + "0000" + "6400" + "0101" + "6400" + "ff0f" + "0101"
                + "0000000000000000" + "00000000", hex(0, 32));
        m.clear();
        new ClientUpdate(40, 13, false, 0).write(m);
        assertEquals("280d" + "00000000" + "0001" + "0000" + "0000" + "0001" + "0000" + "0000" + "0001"
                + "0000000000000000" + "00000000", hex(0, 32));
    }

    @Test
    void rules() {
        RuleSet rules = new RuleSet(m, 0x1234);
        rules.mac(13, 40, MAC, true);
        rules.vlan(13, 40, 100, false);
        assertEquals("0200000034120000", hex(0, 8));
        assertEquals("130d280000000000" + "5544332211020000", hex(8, 16));
        assertEquals("070d280000000000" + "0000000000006400", hex(24, 16));
        m.clear();
        new RuleSet(m, 1).accept(13, 40, RuleSet.DROP_ALL);
        assertEquals("0100000001000000" + "030d280009000000" + "0000000000000000", hex(0, 24));
        m.clear();
        new RuleSet(m, 1).bin(13, 13, 109, true);
        assertEquals("0100000001000000" + "070d6d0d00000000" + "0000000000000000", hex(0, 24));
    }

    @Test
    void multicastBins() {
        assertEquals(109, RuleSet.binOf(MacAddress.parse("01:00:5e:00:00:01")));
        assertEquals(245, RuleSet.binOf(MacAddress.parse("01:00:5e:00:00:fb")));
        assertEquals(95, RuleSet.binOf(MacAddress.parse("33:33:00:00:00:01")));
    }

    @Test
    void rssTableIsOfClientsAndKeyIsReversed() {
        byte[] key = new byte[40];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        int[] table = new int[128];
        table[1] = 3;
        new RssUpdate(13, new RssSettings(EnumSet.of(RssType.IPV4, RssType.TCP_IPV4, RssType.UDP_IPV4,
                RssType.IPV6, RssType.TCP_IPV6), key, table), 40, 7).write(m);
        assertEquals("0d013702" + "7f000000" + "282b2828", hex(0, 12));
        assertEquals("27262524", hex(136, 4));
        assertEquals("03020100" + "07000000", hex(172, 8));
        m.clear();
        new RssUpdate(13, null, 40, 8).write(m);
        assertEquals("0d000000", hex(0, 4));
        assertEquals("08000000", hex(176, 4));
    }

    @Test
    void tpaUpdate() {
        new TpaUpdate(40, 1, 2, 8, 3, 0, 2048, 0x8000, 0x12_0000_0040L, 1, 2).write(m);
        assertEquals("01022808" + "03000100" + "00080080" + "40000000" + "12000000" + "01000200" + "0000000000000000",
                hex(0, 32));
    }

    @Test
    void statusBlockData() {
        int[] words = new StatusBlockData(40, 0x1_2345_6000L, 1, 5, 6, 12).words();
        assertArrayEquals(new int[] {0x0206_0000, 0, 0x030C_030C, 0x030C_030C, 0x2345_6000, 1, 0x0028_FF00, -1,
            0x0028_FF01, -1, 0x0105_0101, 0x0001_0001, 0, 0, 0, 0}, words);
        words = new StatusBlockData(5, 0, 1, -1, 0, 0).words();
        assertEquals(0x0100_0100, words[2], "transmit indices belong to the transmit machine");
        assertEquals(0x00FF_0101, words[10]);
    }

    @Test
    void eventElement() {
        m.put(0, HexFormat.of().parseHex("0900" + "0000" + "050b0000" + "0000000000000000"), 0, 16);
        EventElement malicious = EventElement.read(m, 0);
        assertEquals(EventElement.MALICIOUS_VF, malicious.opcode());
        assertEquals(5, malicious.vf());
        assertEquals("IPv6 with IP checksum", malicious.fault());
        m.put(0, HexFormat.of().parseHex("0000" + "0000" + "07000000" + "0060452301000000"), 0, 16);
        assertEquals(0x1_2345_6000L, EventElement.read(m, 0).data());
    }

    @Test
    void bulletinWithLinkHasTheSheetsCrc() {
        assertEquals(48, new Bulletin(1, MAC, 0, new LinkState(true, 10_000), false, true).write(m));
        assertEquals("9d775451" + "0100" + "3000" + "0900000000000000" + "021122334455" + "0000"
                + "0000" + "000000000000" + "10270000" + "00000000" + "02000000" + "00000000", hex(0, 48));
    }

    @Test
    void shortBulletinHasTheSheetsCrc() {
        assertEquals(32, new Bulletin(1, MAC, 0, new LinkState(true, 10_000), false, false).write(m));
        assertEquals("8cb5440b" + "0100" + "2000" + "0900000000000000" + "021122334455" + "0000".repeat(13), hex(0, 48));
    }

    @Test
    void bulletinTellsVlanAndTheEnd() {
        new Bulletin(2, MAC, 100, LinkState.DOWN, true, true).write(m);
        assertEquals("0f00000000000000", hex(8, 8));
        assertEquals("6400", hex(24, 2));
        assertEquals("00000000" + "00000000" + "01000000", hex(32, 12));
    }
}
