package dev.npa.pf;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * How received packets are spread over the receive queues of a function: Toeplitz hash over the fields of the packet's
 * type, and a table that turns the low bits of the hash into a queue. Immutable.
 */
public final class RssSettings {

    /** Bytes of a key. */
    public static final int KEY_BYTES = 40;
    /** Entries of a table; a power of two. */
    public static final int TABLE_SIZE = 128;

    private final Set<RssType> types;
    private final byte[] key;
    private final int[] table;

    /**
     * Makes settings.
     *
     * @param types what to hash; empty = no hash, everything goes to queue 0
     * @param key {@value #KEY_BYTES} bytes, the first is the one that meets the first byte of the hash input
     * @param table {@value #TABLE_SIZE} queue indices within the function, from 0; entry {@code hash & 127} is used
     * @throws IllegalArgumentException if key or table have another length, or a queue index is negative
     */
    public RssSettings(Set<RssType> types, byte[] key, int[] table) {
        if (key.length != KEY_BYTES || table.length != TABLE_SIZE) {
            throw new IllegalArgumentException("an RSS key of " + key.length + " bytes and a table of " + table.length
                    + " entries; " + KEY_BYTES + " and " + TABLE_SIZE + " are needed");
        }
        for (int i = 0; i < table.length; i++) {
            if (table[i] < 0) {
                throw new IllegalArgumentException("RSS table entry " + i + " is " + table[i]
                        + "; it must be a queue index from 0");
            }
        }
        this.types = types.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(types));
        this.key = key.clone();
        this.table = table.clone();
    }

    /**
     * Every type, the key of the published verification suite, queues in turn.
     *
     * @param queues receive queues, at least 1
     */
    public static RssSettings spread(int queues) {
        int[] table = new int[TABLE_SIZE];
        Arrays.setAll(table, i -> i % queues);
        return new RssSettings(EnumSet.allOf(RssType.class), standardKey(), table);
    }

    /** The key of the published RSS verification suite; a fresh array. */
    public static byte[] standardKey() {
        return HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
                + "77cb2da38030f20c6a42b73bbeac01fa");
    }

    public Set<RssType> types() {
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
        return table[hash & TABLE_SIZE - 1];
    }

    /** The same with every queue index taken modulo {@code queues}, for a function that has fewer. */
    public RssSettings within(int queues) {
        int[] folded = table();
        for (int i = 0; i < folded.length; i++) {
            folded[i] %= queues;
        }
        return new RssSettings(types, key, folded);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof RssSettings other && types.equals(other.types) && Arrays.equals(key, other.key)
                && Arrays.equals(table, other.table);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * types.hashCode() + Arrays.hashCode(key)) + Arrays.hashCode(table);
    }

    @Override
    public String toString() {
        return types.isEmpty() ? "RSS off" : "RSS over " + types + " with key " + HexFormat.of().formatHex(key);
    }
}
