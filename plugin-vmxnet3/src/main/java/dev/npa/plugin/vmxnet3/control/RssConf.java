package dev.npa.plugin.vmxnet3.control;

import dev.npa.hw.DmaMemory;
import java.util.HexFormat;

/** Layout of UPT1_RSSConf (fact sheet §8) and the one configuration that this driver uses. */
final class RssConf {

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
    private static final int ENTRIES = 128;
    /** The verification key of Microsoft's RSS specification: hashes can be checked against published vectors. */
    private static final byte[] KEY = HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
            + "77cb2da38030f20c6a42b73bbeac01fa");

    private RssConf() {}

    /** Writes a configuration that spreads over the receive queues {@code 0..queues-1} in turn. */
    static void write(DmaMemory memory, int at, int queues) {
        memory.putShort(at + HASH_TYPE, (short) ALL_HASH_TYPES);
        memory.putShort(at + HASH_FUNC, (short) TOEPLITZ);
        memory.putShort(at + HASH_KEY_SIZE, (short) KEY.length);
        memory.putShort(at + IND_TABLE_SIZE, (short) ENTRIES);
        memory.put(at + HASH_KEY, KEY, 0, KEY.length);
        for (int i = 0; i < ENTRIES; i++) {
            memory.putByte(at + IND_TABLE + i, (byte) (i % queues));
        }
    }
}
