package dev.npa.shell.runtime.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.os.OsRig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class OidRequestsTest {

    private final OsRig rig = new OsRig(WindowsOs.factory(), 4, 64);
    private final OidRequests oids = ((WindowsOs) rig.system).oids();

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String query(int oid, int bytes) {
        ByteBuffer information = buffer(bytes);
        assertEquals(NdisStatus.SUCCESS, oids.query(oid, information));
        assertEquals(bytes, information.position());
        return HexFormat.of().formatHex(information.array());
    }

    @Test
    void valuesAreLittleEndianOfTheirOwnSize() {
        assertEquals("dc050000", query(Oid.GEN_MAXIMUM_FRAME_SIZE, 4));
        // 10 Gbit/s in units of 100 bit/s: 100,000,000.
        assertEquals("00e1f505", query(Oid.GEN_LINK_SPEED, 4));
        assertEquals("00000000", query(Oid.GEN_MEDIA_CONNECT_STATUS, 4));
        assertEquals("020000000001", query(Oid.OID_802_3_CURRENT_ADDRESS, 6));
        rig.device.statistics().queue(1).add(Counter.TX_PACKETS, 0x1_0000_0002L);
        assertEquals("0200000001000000", query(Oid.GEN_XMIT_OK, 8));
    }

    @Test
    void aLinkThatIsDownHasNoSpeed() {
        rig.device.up = false;
        assertEquals("00000000", query(Oid.GEN_LINK_SPEED, 4));
        assertEquals("01000000", query(Oid.GEN_MEDIA_CONNECT_STATUS, 4));
    }

    @Test
    void whatDoesNotFitAndWhatDoesNotExistIsRefusedAndNothingMoves() {
        ByteBuffer small = buffer(3);
        assertEquals(NdisStatus.BUFFER_TOO_SHORT, oids.query(Oid.GEN_LINK_SPEED, small));
        assertEquals(0, small.position());
        assertEquals(NdisStatus.NOT_SUPPORTED, oids.query(0x12345678, buffer(100)));
        assertEquals(NdisStatus.NOT_SUPPORTED, oids.set(Oid.GEN_LINK_SPEED, buffer(4)));
    }

    /** The structure as the operating system's balancer writes it. */
    private static ByteBuffer parameters(int flags, int hash, byte[] table, byte[] key) {
        ByteBuffer in = buffer(32 + table.length + key.length);
        in.put((byte) 0x89).put((byte) 1).putShort((short) 32).putShort((short) flags).putShort((short) 0);
        in.putInt(hash);
        in.putShort((short) table.length).putShort((short) 0).putInt(32);
        in.putShort((short) key.length).putShort((short) 0).putInt(32 + table.length).putInt(0);
        return in.put(table).put(key).flip();
    }

    @Test
    void theOperatingSystemOwnsTheIndirectionTable() {
        byte[] key = RssConfig.spread(1).key();
        key[0] = 1;
        byte[] table = {3, 2, 1, 0, 3, 3, 3, 3};
        assertEquals(NdisStatus.SUCCESS,
                oids.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, parameters(0, 0x301, table, key)));
        assertArrayEquals(new int[] {3, 2, 1, 0, 3, 3, 3, 3}, rig.device.rss().table());
        assertArrayEquals(key, rig.device.rss().key());
        assertEquals(RssConfig.IPV4 | RssConfig.TCP_IPV4, rig.device.rss().types());
        // The table alone, as when load is balanced.
        byte[] balanced = {0, 1, 2, 3};
        assertEquals(NdisStatus.SUCCESS, oids.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS,
                parameters(RssParameters.KEY_UNCHANGED | RssParameters.HASH_INFO_UNCHANGED, 0, balanced, new byte[0])));
        assertArrayEquals(new int[] {0, 1, 2, 3}, oids.indirectionTable());
        assertArrayEquals(key, rig.device.rss().key());
        assertEquals(RssConfig.IPV4 | RssConfig.TCP_IPV4, rig.device.rss().types());
    }

    @Test
    void parametersReadBackAreWhatWasSet() {
        ByteBuffer out = buffer(RssParameters.BYTES);
        assertEquals(NdisStatus.SUCCESS, oids.query(Oid.GEN_RECEIVE_SCALE_PARAMETERS, out));
        RssConfig before = rig.device.rss();
        assertEquals(NdisStatus.SUCCESS, oids.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, out.flip()));
        assertArrayEquals(before.table(), rig.device.rss().table());
        assertArrayEquals(before.key(), rig.device.rss().key());
        assertEquals(before.types(), rig.device.rss().types());
    }

    @Test
    void scalingCanBeTurnedOff() {
        assertEquals(NdisStatus.SUCCESS, oids.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS,
                parameters(RssParameters.DISABLE, 0, new byte[0], new byte[0])));
        assertNull(rig.device.rss());
        assertNull(oids.indirectionTable());
    }

    @Test
    void malformedParametersChangeNothing() {
        RssConfig before = rig.device.rss();
        byte[] key = before.key();
        byte[] table = {0, 1, 2, 3};
        refused(NdisStatus.INVALID_LENGTH, buffer(31));
        refused(NdisStatus.INVALID_DATA, parameters(0, 0x302, table, key));
        refused(NdisStatus.INVALID_DATA, parameters(0, 0x301, new byte[] {0, 1, 2}, key));
        refused(NdisStatus.INVALID_DATA, parameters(0, 0x301, new byte[] {0, 4}, key));
        refused(NdisStatus.INVALID_LENGTH, parameters(0, 0x301, table, new byte[39]));
        ByteBuffer outside = parameters(0, 0x301, table, key);
        outside.putInt(16, 1000);
        refused(NdisStatus.INVALID_LENGTH, outside);
        ByteBuffer type = parameters(0, 0x301, table, key);
        type.put(0, (byte) 0x88);
        refused(NdisStatus.INVALID_DATA, type);
        assertSame(before, rig.device.rss());
    }

    private void refused(int status, ByteBuffer information) {
        int position = information.position();
        assertEquals(status, oids.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, information));
        assertEquals(position, information.position());
    }
}
