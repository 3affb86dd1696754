package dev.npa.sim.net.packet;

/**
 * The Toeplitz hash of receive-side scaling over addresses and ports. The key is turned into one table a byte position,
 * so that a hash is one load and one exclusive or a byte. One thread at a time.
 */
public final class Toeplitz {

    /** Bytes of a key: as many as two IPv6 addresses and two ports need. */
    public static final int KEY = 40;
    /** Two IPv6 addresses and two ports. */
    private static final int MAX_INPUT = 36;

    /** Contribution of value v of input byte i at [i * 256 + v]: the hash is the exclusive or over all bytes. */
    private final int[] contribution = new int[MAX_INPUT * 256];

    /** Sets the key, first byte first; a key shorter than {@link #KEY} bytes goes on with zeros. */
    public void key(byte[] key) {
        for (int i = 0; i < MAX_INPUT; i++) {
            for (int v = 0; v < 256; v++) {
                contribution[i * 256 + v] = 0;
            }
            for (int bit = 0; bit < 8; bit++) {
                add(i, 0x80 >> bit, window(key, i * 8 + bit));
            }
        }
    }

    private void add(int position, int mask, int window) {
        for (int v = 0; v < 256; v++) {
            if ((v & mask) != 0) {
                contribution[position * 256 + v] ^= window;
            }
        }
    }

    private static int window(byte[] key, int from) {
        int window = 0;
        for (int b = from; b < from + 32; b++) {
            int at = b >> 3;
            window = window << 1 | (at < key.length ? key[at] >> (7 - (b & 7)) & 1 : 0);
        }
        return window;
    }

    /**
     * Hashes the addresses of a frame that carries IP.
     *
     * @param ports whether to hash the ports behind them too; the frame must carry TCP or UDP then
     */
    public int hash(PacketHeaders headers, boolean ports) {
        boolean v4 = headers.ipVersion() == 4;
        int length = v4 ? 8 : 32;
        int h = mix(headers, headers.l3() + (v4 ? 12 : 8), length, 0);
        return ports ? h ^ mix(headers, headers.l4(), 4, length) : h;
    }

    private int mix(PacketHeaders headers, int from, int length, int position) {
        int h = 0;
        for (int i = 0; i < length; i++) {
            h ^= contribution[(position + i) * 256 + headers.octet(from + i)];
        }
        return h;
    }
}
