package dev.npa.plugin.broadcom.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.PluginException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Messages and the bulletin board, byte by byte. §9, §18 */
class ChannelTest {

    private final PhysicalMemory memory = PhysicalMemory.allocate(0x1_0000_0000L, 1 << 16);
    private final DmaMemory message = memory.window(0x1_0000_1000L, VfSession.MESSAGE_BYTES);
    private final DmaMemory board = memory.window(0x1_0000_2000L, Bulletin.BYTES);

    private String bytes(int from, int length) {
        byte[] bytes = new byte[length];
        message.get(from, bytes, 0, length);
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(String spaced) {
        return spaced.replace(" ", "");
    }

    @Test
    void acquire() {
        Request.acquire(message, 5, 4, 0x1_0000_2000L);
        assertEquals(hex("01002000 00040000 05000203 04040401 020a 000000000000 0020000001000000 1100 0400 0c00 0800"
                + "00000000"), bytes(0, 44));
    }

    @Test
    void init() {
        Request.init(message, 2, 0x1_0000_0040L, 64, 0x1_0000_3000L, 192);
        assertEquals(hex("0200a800 00040000 4000000001000000 8000000001000000 0000000000000000"), bytes(0, 32));
        assertEquals(hex("0000000000000000 0030000001000000 c000 0000 00000000 00000000 00000000 0c000800 00000000"),
                bytes(136, 40));
    }

    @Test
    void setup() {
        Request.setup(message, new Request.Queue(3, Request.STATS | Request.VLAN_STRIP | Request.CACHE_ALIGN
                | Request.TPA | Request.TPA_IPV6, 1500, 2048, 8, 0x1_0001_0000L, 0x1_0002_0000L, 0x1_0003_0000L,
                0x1_0004_0000L, 1, 5));
        assertEquals(hex("03006000 00040000 0000010001000000 0010010001000000 0000020001000000 0000030001000000"),
                bytes(0, 40));
        assertEquals(hex("03 01 0000 dc05 0008 5b00 0300 0008 0048 08 00 06 00 00000000"), bytes(40, 24));
        assertEquals(hex("0000040001000000 03 05 0000 5b000000 0300 00 00 00000000 03 03 000000000000 0c000800"),
                bytes(64, 36));
    }

    @Test
    void ends() {
        Request.end(message, Request.CLOSE, 5);
        assertEquals(hex("08000c00 00040000 05000000 0c000800 00000000"), bytes(0, 20));
        message.clear();
        Request.end(message, Request.RELEASE, 5);
        assertEquals(hex("09000c00 00040000 05000000 0c000800 00000000"), bytes(0, 20));
    }

    @Test
    void grant() {
        int at = Request.RESPONSE;
        message.putShort(at + 48, (short) 8);
        for (int q = 0; q < 4; q++) {
            message.putByte(at + 52 + 2 * q, (byte) (130 + q));
            message.putByte(at + 84 + q, (byte) (20 + q));
        }
        message.putByte(at + 100, (byte) 4);
        message.putByte(at + 101, (byte) 3);
        message.putByte(at + 102, (byte) 4);
        Grant grant = Grant.read(message, at);
        assertEquals(3, grant.pairs());
        assertEquals(131, grant.blocks()[1]);
        assertEquals(22, grant.zones()[2]);
        grant.require(3);
        unusable(grant, 4);
        message.putByte(at + 84, (byte) 136);
        unusable(Grant.read(message, at), 1);
        message.putByte(at + 84, (byte) 20);
        message.putShort(at + 48, (short) 256);
        Grant.read(message, at).require(2);
        unusable(Grant.read(message, at), 3); // doorbells beyond their window
    }

    private static void unusable(Grant grant, int pairs) {
        assertEquals("1.07", assertThrows(PluginException.class, () -> grant.require(pairs)).rule());
    }

    private void post(String content) {
        byte[] bytes = HexFormat.of().parseHex(hex(content));
        board.put(0, bytes, 0, bytes.length);
    }

    @Test
    void checksumsOfTheBulletin() {
        post("00000000 0100 3000 0900000000000000 021122334455 0000 0000 000000000000 1027 000000000000 02000000 00000000");
        assertEquals(0x5154_779D, Bulletin.crc(board, 4, 48));
        post("00000000 0100 2000 0900000000000000 021122334455 0000 0000 000000000000");
        assertEquals(0x0B44_B58C, Bulletin.crc(board, 4, 32));
    }

    private void postDown(boolean down, int length) {
        board.putShort(6, (short) length);
        board.putLong(8, down ? 4 : 0);
        board.putInt(0, Bulletin.crc(board, 4, length));
    }

    @Test
    void onlyAWholeBulletinCounts() {
        Bulletin bulletin = new Bulletin(board);
        assertFalse(bulletin.isChannelDown(), "nothing is posted yet");
        postDown(true, 48);
        board.putInt(0, board.getInt(0) ^ 1);
        assertFalse(bulletin.isChannelDown(), "torn");
        postDown(true, 48);
        assertTrue(bulletin.isChannelDown());
        board.putInt(0, 0);
        assertTrue(bulletin.isChannelDown(), "the last whole one holds");
        postDown(false, 32);
        assertFalse(bulletin.isChannelDown());
        postDown(true, 512);
        assertTrue(bulletin.isChannelDown());
        board.putShort(6, (short) 600);
        assertTrue(bulletin.isChannelDown(), "a length beyond the board is not read");
    }
}
