package dev.npa.shell.runtime.netdev;

import java.util.HexFormat;

/** How received packets are spread: Toeplitz hash, and a table from the hash's low bits to a queue. Immutable. */
public final class RssConfig {

    /** Bytes of a key. */
    public static final int KEY_BYTES = 40;
    /** Most entries of a table. */
    public static final int LARGEST_TABLE = 128;

    /** Hash IPv4 addresses. */
    public static final int IPV4 = 1;
    /** Hash IPv4 addresses and TCP ports. */
    public static final int TCP_IPV4 = 1 << 1;
    /** Hash IPv6 addresses. */
    public static final int IPV6 = 1 << 2;
    /** Hash IPv6 addresses and TCP ports. */
    public static final int TCP_IPV6 = 1 << 3;
    /** All of them. */
    public static final int ALL_TYPES = IPV4 | TCP_IPV4 | IPV6 | TCP_IPV6;

    private final int types;
    private final byte[] key;
    private final int[] table;

    /**
     * Makes a configuration.
     *
     * @param types bits of this class. TCP packets whose own type is not chosen, and fragments, count as IP
     * @param key {@value #KEY_BYTES} bytes
     * @param table queues; a power of two of entries, at most {@value #LARGEST_TABLE}
     */
    public RssConfig(int types, byte[] key, int[] table) {
        if (key.length != KEY_BYTES || table.length > LARGEST_TABLE || Integer.bitCount(table.length) != 1) {
            throw new IllegalArgumentException("an RSS key of " + key.length + " bytes and a table of " + table.length
                    + " entries; " + KEY_BYTES + " and a power of two up to " + LARGEST_TABLE + " are needed");
        }
        for (int i = 0; i < table.length; i++) {
            if (table[i] < 0 || table[i] >= NetDevice.MAX_QUEUES) {
                throw new IllegalArgumentException("RSS table entry " + i + " is " + table[i] + "; queues are 0.."
                        + (NetDevice.MAX_QUEUES - 1));
            }
        }
        this.types = types & ALL_TYPES;
        this.key = key.clone();
        this.table = table.clone();
    }

    /** Every type, the key of the published RSS verification suite, queues in turn. */
    public static RssConfig spread(int queues) {
        int[] table = new int[LARGEST_TABLE];
        for (int i = 0; i < table.length; i++) {
            table[i] = i % queues;
        }
        return new RssConfig(ALL_TYPES, HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
                + "77cb2da38030f20c6a42b73bbeac01fa"), table);
    }

    public int types() {
        return types;
    }

    /** The key; a fresh array. */
    public byte[] key() {
        return key.clone();
    }

    /** The table; a fresh array. */
    public int[] table() {
        return table.clone();
    }

    /** Queue of a hash. */
    public int queue(int hash) {
        return table[hash & table.length - 1];
    }

    /** Highest queue in the table. */
    public int highestQueue() {
        int highest = 0;
        for (int queue : table) {
            highest = Math.max(highest, queue);
        }
        return highest;
    }
}
