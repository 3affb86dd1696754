package dev.npa.sim.nic.niantic;

import dev.npa.sim.net.packet.PacketHeaders;
import dev.npa.sim.net.packet.Toeplitz;

/** Toeplitz hash and choice of a queue inside a pool, 82599 §10 and §15. */
final class RssHash {

    private final Core core;
    private final Toeplitz toeplitz = new Toeplitz();
    private final byte[] key = new byte[Toeplitz.KEY];
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
    void compute(PacketHeaders headers) {
        hash = 0;
        type = typeOf(headers, core.regs.get(core.slots.mrqc));
        if (type == 0) {
            return;
        }
        if (stale) {
            readKey();
        }
        hash = toeplitz.hash(headers, type == 1 || type == 3 || type == 7 || type == 8);
    }

    private static int typeOf(PacketHeaders headers, int mrqc) {
        boolean v4 = headers.ipVersion() == 4;
        if (!enabled(mrqc) || headers.ipVersion() == 0) {
            return 0;
        }
        if (headers.isTcp() && (mrqc & (v4 ? 1 << 16 : 1 << 21)) != 0) {
            return v4 ? 1 : 3;
        }
        if (headers.isUdp() && (mrqc & (v4 ? 1 << 22 : 1 << 23)) != 0) {
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

    /** Byte 0 of the key is the low byte of RSSRK[0]. */
    private void readKey() {
        stale = false;
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (core.regs.get(core.slots.rssrk + (i >> 2)) >>> 8 * (i & 3));
        }
        toeplitz.key(key);
    }
}
