package dev.npa.sim.vmxnet3;

import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import dev.npa.sim.net.packet.PacketHeaders;
import dev.npa.sim.net.packet.Toeplitz;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What to hash, and the table that picks a receive queue; vmxnet3 §8 UPT1_RSSConf, §12. */
final class RssHash {

    static final int TYPE_IPV4 = 1;
    static final int TYPE_TCP_IPV4 = 2;
    static final int TYPE_IPV6 = 3;
    static final int TYPE_TCP_IPV6 = 4;

    private static final int CONF_LENGTH = 176;
    private static final int HASH_FUNC_TOEPLITZ = 1;
    private static final int MAX_TABLE = 128;
    private static final int KEY = 8;
    private static final int TABLE = 48;

    private static final int IPV4_BIT = 1;
    private static final int TCP_IPV4_BIT = 2;
    private static final int IPV6_BIT = 4;
    private static final int TCP_IPV6_BIT = 8;

    private final int hashTypes;
    private final byte[] key;
    private final int[] queues;
    private final Toeplitz toeplitz = new Toeplitz();
    private int hash;

    private RssHash(int hashTypes, int[] queues, byte[] key) {
        this.hashTypes = hashTypes;
        this.queues = queues;
        this.key = key;
        toeplitz.key(key);
    }

    /** Reads the configuration that rssConfDesc names. */
    static RssHash read(GuestMemory memory, long shared, int rxQueues) throws MalformedException {
        int version = memory.readInt(shared + DriverSharedLayout.RSS_CONF);
        int length = memory.readInt(shared + DriverSharedLayout.RSS_CONF + 4);
        long at = memory.readLong(shared + DriverSharedLayout.RSS_CONF + 8);
        if (version != 1 || length != CONF_LENGTH) {
            throw new MalformedException("rssConfDesc has version " + version + " and length " + length
                    + ", it must be 1 and 176");
        }
        memory.require("rssConfDesc.confPA", at, CONF_LENGTH, 4);
        int types = memory.readInt(at) & 0xFFFF;
        int function = memory.readInt(at) >>> 16;
        int keySize = memory.readInt(at + 4) & 0xFFFF;
        int tableSize = memory.readInt(at + 4) >>> 16;
        if (function != HASH_FUNC_TOEPLITZ || keySize < 1 || keySize > Toeplitz.KEY || tableSize < 1
                || tableSize > MAX_TABLE) {
            throw new MalformedException("RSSConf has hashFunc " + function + ", hashKeySize " + keySize
                    + ", indTableSize " + tableSize + "; they must be 1, 1..40 and 1..128");
        }
        byte[] key = new byte[Toeplitz.KEY];
        for (int i = 0; i < keySize; i++) {
            key[i] = (byte) memory.readByte(at + KEY + i);
        }
        int[] queues = new int[tableSize];
        for (int i = 0; i < tableSize; i++) {
            queues[i] = memory.readByte(at + TABLE + i);
            if (queues[i] >= rxQueues) {
                throw new MalformedException("RSSConf indTable[" + i + "] is " + queues[i] + ", there are " + rxQueues
                        + " rx queues");
            }
        }
        return new RssHash(types, queues, key);
    }

    /** The same in the terms of the control path; a table of another size is repeated over its 128 entries. */
    RssSettings settings() {
        Set<RssType> types = EnumSet.noneOf(RssType.class);
        for (RssType type : RssType.values()) {
            int bit = switch (type) {
                case IPV4 -> IPV4_BIT;
                case TCP_IPV4 -> TCP_IPV4_BIT;
                case IPV6 -> IPV6_BIT;
                case TCP_IPV6 -> TCP_IPV6_BIT;
                case UDP_IPV4, UDP_IPV6 -> 0; // need revision 4
            };
            if ((hashTypes & bit) != 0) {
                types.add(type);
            }
        }
        int[] table = new int[RssSettings.TABLE_SIZE];
        Arrays.setAll(table, i -> queues[i % queues.length]);
        return new RssSettings(types, key, table);
    }

    /**
     * Hashes a parsed frame.
     *
     * @return the rssType of the completion, 0 when no configured type applies; the hash is in {@link #hash()}
     */
    int apply(PacketHeaders headers) {
        hash = 0;
        int version = headers.ipVersion();
        if (version == 0) {
            return 0;
        }
        int ipBit = version == 4 ? IPV4_BIT : IPV6_BIT;
        int tcpBit = version == 4 ? TCP_IPV4_BIT : TCP_IPV6_BIT;
        boolean ports = headers.isTcp() && (hashTypes & tcpBit) != 0;
        if (!ports && (hashTypes & ipBit) == 0) {
            return 0;
        }
        hash = toeplitz.hash(headers, ports);
        return (version == 4 ? TYPE_IPV4 : TYPE_IPV6) + (ports ? 1 : 0);
    }

    int hash() {
        return hash;
    }

    /** Queue for a hash: indTable[hash mod size]. */
    int queue(int value) {
        return queues[Integer.remainderUnsigned(value, queues.length)];
    }
}
