package dev.npa.plugin.vmxnet3.control;

import dev.npa.hw.DmaMemory;
import java.util.HexFormat;

/** UPT1_RSSConf (fact sheet §8): how a device spreads received packets. Immutable. */
public final class RssConf {

    static final int SIZE = 176;
    static final int VERSION = 1;

    private static final int HASH_TYPE = 0;
    private static final int HASH_FUNC = 2;
    private static final int HASH_KEY_SIZE = 4;
    private static final int IND_TABLE_SIZE = 6;
    private static final int HASH_KEY = 8;
    private static final int IND_TABLE = 48;

    /** IPv4, TCP over IPv4, IPv6, TCP over IPv6. */
    private static final int ALL_HASH_TYPES = 0xF;
    private static final int TOEPLITZ = 1;
    private static final int KEY_BYTES = 40;
    private static final int ENTRIES = 128;

    private final int hashTypes;
    private final byte[] key;
    private final byte[] table;

    /**
     * Makes a configuration.
     *
     * @param hashTypes 1 IPv4, 2 TCP over IPv4, 4 IPv6, 8 TCP over IPv6
     * @param key 40 bytes
     * @param table receive queues, at most 128 entries, a power of two
     */
    public RssConf(int hashTypes, byte[] key, byte[] table) {
        if (key.length != KEY_BYTES || table.length > ENTRIES || Integer.bitCount(table.length) != 1) {
            throw new IllegalArgumentException("an RSS key of " + key.length + " bytes and a table of " + table.length
                    + " entries; " + KEY_BYTES + " and a power of two up to " + ENTRIES + " are needed");
        }
        this.hashTypes = hashTypes & ALL_HASH_TYPES;
        this.key = key.clone();
        this.table = table.clone();
    }

    /**
     * Every type, queues {@code 0..queues-1} in turn, and the verification key of Microsoft's RSS specification, so that
     * hashes can be checked against published vectors.
     */
    static RssConf spread(int queues) {
        byte[] table = new byte[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            table[i] = (byte) (i % queues);
        }
        return new RssConf(ALL_HASH_TYPES, HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
                + "77cb2da38030f20c6a42b73bbeac01fa"), table);
    }

    /** Writes the configuration; entries that name a queue from {@code queues} on are taken modulo it. */
    void write(DmaMemory memory, int at, int queues) {
        memory.putShort(at + HASH_TYPE, (short) hashTypes);
        memory.putShort(at + HASH_FUNC, (short) TOEPLITZ);
        memory.putShort(at + HASH_KEY_SIZE, (short) KEY_BYTES);
        memory.putShort(at + IND_TABLE_SIZE, (short) table.length);
        memory.put(at + HASH_KEY, key, 0, KEY_BYTES);
        for (int i = 0; i < table.length; i++) {
            memory.putByte(at + IND_TABLE + i, (byte) (table[i] % queues));
        }
    }
}
