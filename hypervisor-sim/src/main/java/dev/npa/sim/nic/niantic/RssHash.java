package dev.npa.sim.nic.niantic;

import java.nio.ByteBuffer;

/**
 * Toeplitz hash and choice of a queue inside a pool, 82599 §10 and §15. The key (RSSRK) is turned into one table a byte
 * position whenever it changes, so that a hash is one load and one exclusive or a byte.
 */
final class RssHash {

    private static final int BYTES = 36;

    private final Core core;
    private final int[][] table = new int[BYTES][256];
    private boolean stale = true;

    /** Hash of the last frame and its RSS type for the receive descriptor; type 0 if it was not hashed. */
    int hash;
    int type;

    RssHash(Core core) {
        this.core = core;
        core.regs.afterWrite("RSSRK", () -> stale = true);
    }

    void reset() {
        stale = true;
    }

    /** Hashes a frame by the fields that MRQC enables. */
    void compute(ByteBuffer b, FrameInfo f) {
        hash = 0;
        type = typeOf(f, core.regs.get(core.slots.mrqc));
        if (type == 0) {
            return;
        }
        if (stale) {
            build();
        }
        boolean ports = type == 1 || type == 3 || type == 7 || type == 8;
        int n = 2 * f.addressBytes;
        int h = over(b, f.addresses, n, 0);
        hash = ports ? h ^ over(b, f.layer4, 4, n) : h;
    }

    private int over(ByteBuffer b, int from, int count, int position) {
        int h = 0;
        for (int i = 0; i < count; i++) {
            h ^= table[position + i][b.get(from + i) & 0xFF];
        }
        return h;
    }

    private static int typeOf(FrameInfo f, int mrqc) {
        boolean v4 = f.addressBytes == 4;
        if (!enabled(mrqc) || f.addressBytes == 0) {
            return 0;
        }
        if ((f.packetType & AdvancedRxDescriptor.TYPE_TCP) != 0 && (mrqc & (v4 ? 1 << 16 : 1 << 21)) != 0) {
            return v4 ? 1 : 3;
        }
        if ((f.packetType & AdvancedRxDescriptor.TYPE_UDP) != 0 && (mrqc & (v4 ? 1 << 22 : 1 << 23)) != 0) {
            return v4 ? 7 : 8;
        }
        return (mrqc & (v4 ? 1 << 17 : 1 << 20)) == 0 ? 0 : v4 ? 2 : 5;
    }

    private static boolean enabled(int mrqc) {
        int mode = mrqc & 0xF;
        return mode == 1 || mode == 0xA || mode == 0xB;
    }

    /** Queue inside the pool for the last frame that was hashed. */
    int queueInPool(int pool) {
        if (type == 0) {
            return 0;
        }
        int at = hash & 0x7F;
        int entry = core.regs.get(core.slots.reta + (at >> 2)) >>> 8 * (at & 3) & 0xF;
        if ((core.regs.get(core.slots.mrqc) & 0xF) == 1) {
            return entry;
        }
        int rqpl = core.regs.get(core.slots.psrtype + pool) >>> 29;
        return entry & (1 << core.poolShift()) - 1 & (1 << rqpl) - 1;
    }

    private void build() {
        stale = false;
        for (int position = 0; position < BYTES; position++) {
            for (int value = 0; value < 256; value++) {
                int h = 0;
                for (int bit = 0; bit < 8; bit++) {
                    if ((value & 0x80 >> bit) != 0) {
                        h ^= window(8 * position + bit);
                    }
                }
                table[position][value] = h;
            }
        }
    }

    /** 32 bits of the key from bit {@code at}; byte 0 of the key is the low byte of RSSRK[0]. */
    private int window(int at) {
        int h = 0;
        for (int i = 0; i < 32; i++) {
            int bit = at + i;
            int word = core.regs.get(core.slots.rssrk + (bit >> 5));
            int octet = word >>> 8 * (bit >> 3 & 3) & 0xFF;
            h = h << 1 | octet >>> 7 - (bit & 7) & 1;
        }
        return h;
    }
}
