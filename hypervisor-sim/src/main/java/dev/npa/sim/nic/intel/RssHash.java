package dev.npa.sim.nic.intel;

import dev.npa.sim.net.packet.PacketHeaders;
import dev.npa.sim.net.packet.Toeplitz;

/** Toeplitz hash over the fields that MRQC selects, 82599 §10 and §15, 82576 §7. Under the device's lock. */
public final class RssHash {

    private final RegisterFile regs;
    private final QueueSlots slots;
    private final Toeplitz toeplitz = new Toeplitz();
    private final byte[] key = new byte[Toeplitz.KEY];
    private boolean stale = true;

    /** Hash of the last frame and its RSS type for the receive descriptor; type 0 if it was not hashed. */
    public int hash;
    public int type;

    RssHash(IntelCore core) {
        this.regs = core.regs;
        this.slots = core.queueSlots;
        regs.afterWrite("RSSRK", () -> stale = true);
    }

    void reset() {
        stale = true;
    }

    /** The frame is not hashed. */
    void none() {
        type = 0;
        hash = 0;
    }

    /** Hashes a frame by the fields that MRQC enables. */
    void compute(PacketHeaders headers) {
        hash = 0;
        type = typeOf(headers, regs.get(slots.mrqc));
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
        if (headers.ipVersion() == 0) {
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

    /** Entry of the redirection table for the last frame that was hashed; the whole byte. */
    public int entry() {
        int at = hash & 0x7F;
        return regs.get(slots.reta + (at >> 2)) >>> 8 * (at & 3) & 0xFF;
    }

    /** Byte 0 of the key is the low byte of RSSRK[0]. */
    private void readKey() {
        stale = false;
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (regs.get(slots.rssrk + (i >> 2)) >>> 8 * (i & 3));
        }
        toeplitz.key(key);
    }
}
