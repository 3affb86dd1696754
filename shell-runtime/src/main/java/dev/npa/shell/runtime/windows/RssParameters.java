package dev.npa.shell.runtime.windows;

import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.RssConfig;
import java.nio.ByteBuffer;

/**
 * The value of OID_GEN_RECEIVE_SCALE_PARAMETERS: a structure of 32 bytes, then the indirection table (a byte an entry:
 * the processor, which stands for the queue) and the secret key, at the offsets that the structure names.
 *
 * <pre>
 *  0  u8 type 0x89, u8 revision 1, u16 size     12 u16 table size, u16 0, u32 table offset
 *  4  u16 flags, u16 base processor             20 u16 key size, u16 0, u32 key offset
 *  8  u32 hash types and function               28 u32 0
 * </pre>
 */
final class RssParameters {

    static final int TYPE = 0x89;
    static final int STRUCTURE = 32;
    static final int BYTES = STRUCTURE + RssConfig.LARGEST_TABLE + RssConfig.KEY_BYTES;

    /** Flags: leave the hash types, the table, the key as they are; turn scaling off. */
    static final int HASH_INFO_UNCHANGED = 1 << 1;
    static final int TABLE_UNCHANGED = 1 << 2;
    static final int KEY_UNCHANGED = 1 << 3;
    static final int DISABLE = 1 << 4;

    static final int TOEPLITZ = 1;
    static final int HASH_IPV4 = 1 << 8;
    static final int HASH_TCP_IPV4 = 1 << 9;
    static final int HASH_IPV6 = 1 << 10;
    static final int HASH_TCP_IPV6 = 1 << 12;

    private final NetDevice device;
    private RssConfig last;

    RssParameters(NetDevice device) {
        this.device = device;
        this.last = device.rss() == null ? RssConfig.spread(device.queues()) : device.rss();
    }

    void write(ByteBuffer out) {
        RssConfig config = device.rss();
        boolean off = config == null;
        config = off ? last : config;
        int[] table = config.table();
        out.put((byte) TYPE).put((byte) 1).putShort((short) STRUCTURE);
        out.putShort((short) (off ? DISABLE : 0)).putShort((short) 0);
        out.putInt(TOEPLITZ | hashTypes(config.types()));
        out.putShort((short) table.length).putShort((short) 0).putInt(STRUCTURE);
        out.putShort((short) RssConfig.KEY_BYTES).putShort((short) 0).putInt(STRUCTURE + table.length);
        out.putInt(0);
        for (int queue : table) {
            out.put((byte) queue);
        }
        out.put(config.key());
    }

    /** Reads and applies; a code of {@link NdisStatus}. */
    int read(ByteBuffer in) {
        int start = in.position();
        if (in.remaining() < STRUCTURE) {
            return NdisStatus.INVALID_LENGTH;
        }
        if (Byte.toUnsignedInt(in.get(start)) != TYPE || in.get(start + 1) != 1) {
            return NdisStatus.INVALID_DATA;
        }
        int flags = Short.toUnsignedInt(in.getShort(start + 4));
        if ((flags & DISABLE) != 0) {
            device.rss(null);
            in.position(start + STRUCTURE);
            return NdisStatus.SUCCESS;
        }
        int information = in.getInt(start + 8);
        int tableSize = Short.toUnsignedInt(in.getShort(start + 12));
        int tableOffset = in.getInt(start + 16);
        int keySize = Short.toUnsignedInt(in.getShort(start + 20));
        int keyOffset = in.getInt(start + 24);
        boolean newTable = (flags & TABLE_UNCHANGED) == 0;
        boolean newKey = (flags & KEY_UNCHANGED) == 0;
        boolean newTypes = (flags & HASH_INFO_UNCHANGED) == 0;
        if (newTable && !lies(in, tableOffset, tableSize) || newKey && !lies(in, keyOffset, keySize)) {
            return NdisStatus.INVALID_LENGTH;
        }
        if (newTypes && (information & 0xFF) != TOEPLITZ) {
            return NdisStatus.INVALID_DATA;
        }
        int[] table = newTable ? table(in, start + tableOffset, tableSize) : last.table();
        byte[] key = last.key();
        if (newKey) {
            if (keySize != RssConfig.KEY_BYTES) {
                return NdisStatus.INVALID_LENGTH;
            }
            in.get(start + keyOffset, key);
        }
        if (table == null) {
            return NdisStatus.INVALID_DATA;
        }
        last = new RssConfig(newTypes ? types(information) : last.types(), key, table);
        device.rss(last);
        in.position(start + STRUCTURE + (newTable ? tableSize : 0) + (newKey ? keySize : 0));
        return NdisStatus.SUCCESS;
    }

    private static boolean lies(ByteBuffer in, int offset, int size) {
        return offset >= STRUCTURE && size >= 0 && (long) offset + size <= in.remaining();
    }

    /** Null if it is no table for this device. */
    private int[] table(ByteBuffer in, int at, int size) {
        if (size < 1 || size > RssConfig.LARGEST_TABLE || Integer.bitCount(size) != 1) {
            return null;
        }
        int[] table = new int[size];
        for (int i = 0; i < size; i++) {
            table[i] = Byte.toUnsignedInt(in.get(at + i));
            if (table[i] >= device.queues()) {
                return null;
            }
        }
        return table;
    }

    private static int hashTypes(int types) {
        return ((types & RssConfig.IPV4) != 0 ? HASH_IPV4 : 0) | ((types & RssConfig.TCP_IPV4) != 0 ? HASH_TCP_IPV4 : 0)
                | ((types & RssConfig.IPV6) != 0 ? HASH_IPV6 : 0)
                | ((types & RssConfig.TCP_IPV6) != 0 ? HASH_TCP_IPV6 : 0);
    }

    private static int types(int information) {
        return ((information & HASH_IPV4) != 0 ? RssConfig.IPV4 : 0)
                | ((information & HASH_TCP_IPV4) != 0 ? RssConfig.TCP_IPV4 : 0)
                | ((information & HASH_IPV6) != 0 ? RssConfig.IPV6 : 0)
                | ((information & HASH_TCP_IPV6) != 0 ? RssConfig.TCP_IPV6 : 0);
    }
}
