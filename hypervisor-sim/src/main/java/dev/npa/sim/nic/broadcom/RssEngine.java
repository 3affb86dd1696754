package dev.npa.sim.nic.broadcom;

import dev.npa.sim.net.packet.PacketHeaders;
import dev.npa.sim.net.packet.Toeplitz;
import java.nio.ByteBuffer;

/** One RSS engine, 57712 §7 and §8.4: key, table of absolute client ids, kinds of packets that are hashed. */
final class RssEngine {

    static final int TABLE = 128;

    static final int V4 = 1;
    static final int V4_TCP = 1 << 1;
    static final int V4_UDP = 1 << 2;
    static final int V6 = 1 << 4;
    static final int V6_TCP = 1 << 5;
    static final int V6_UDP = 1 << 6;
    static final int UPDATE_KEY = 1 << 9;

    static final int HASH_IPV4 = 1;
    static final int HASH_TCP_IPV4 = 2;
    static final int HASH_IPV6 = 3;
    static final int HASH_TCP_IPV6 = 4;

    private final Toeplitz toeplitz = new Toeplitz();
    private final int[] table = new int[TABLE];
    private int mask;
    private int capabilities;
    private boolean on;

    /** Result of {@link #compute}: hash type, 0 when nothing was hashed. */
    int type;
    int hash;

    /** Takes over RSS_UPDATE data. */
    void update(ByteBuffer b) {
        on = b.get(1) == 1;
        capabilities = b.getShort(2) & 0xFFFF;
        mask = b.get(4) & TABLE - 1;
        for (int i = 0; i < TABLE; i++) {
            table[i] = b.get(8 + i) & 0xFF;
        }
        if ((capabilities & UPDATE_KEY) != 0) {
            byte[] key = new byte[Toeplitz.KEY];
            for (int i = 0; i < key.length; i++) {
                key[i] = b.get(136 + key.length - 1 - i); // the ramrod has the key's bytes in reverse, 57712 §7
            }
            toeplitz.key(key);
        }
    }

    void reset() {
        on = false;
        capabilities = 0;
    }

    /** Hashes a frame; leaves {@link #type} and {@link #hash}. */
    void compute(PacketHeaders h) {
        type = 0;
        hash = 0;
        if (!on || h.ipVersion() == 0) {
            return;
        }
        boolean v4 = h.ipVersion() == 4;
        boolean ports = h.isTcp() && has(v4 ? V4_TCP : V6_TCP) || h.isUdp() && has(v4 ? V4_UDP : V6_UDP);
        if (ports) {
            type = v4 ? HASH_TCP_IPV4 : HASH_TCP_IPV6;
        } else if (has(v4 ? V4 : V6)) {
            type = v4 ? HASH_IPV4 : HASH_IPV6;
        } else {
            return;
        }
        hash = toeplitz.hash(h, ports);
    }

    private boolean has(int bit) {
        return (capabilities & bit) != 0;
    }

    /** Client for the hash computed last; {@code leading} if nothing was hashed. */
    int client(int leading) {
        return type == 0 ? leading : table[hash & mask];
    }
}
