package dev.npa.sim.nic.niantic;

import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.nic.intel.Causes;
import dev.npa.sim.nic.intel.RegisterFile;
import dev.npa.sim.nic.intel.Throttles;

/**
 * From causes to MSI-X messages, 82599 §3: IVAR maps an event to a vector and its cause bit, the mask lets it through,
 * EITR spaces messages, EIAC and EIAM clear cause and mask when one is sent.
 *
 * <p>A message is sent once for a cause; the next needs the cause to be cleared and set again, or the mask bit to be
 * written again. Used under the device's lock.
 */
final class Interrupts implements Causes {

    /** EICR bits of causes that are not vectors. */
    static final int MAILBOX = 1 << 19;
    /** EICR bit: link status change. */
    static final int LINK = 1 << 20;

    private static final int OTHER = 0xFFFF_0000;
    private static final int EITR_UNIT = 2048;
    private static final int VF_VECTORS = 3;

    private final Core core;
    private final RegisterFile regs;
    private final Slots slots;
    private final Throttles throttles = new Throttles(129);
    private final int[] sentVf = new int[Core.POOLS];
    private final MsixTable[] vfTables;
    private final MsixTable pfTable;
    private long pfCauses;
    private long sentPf;
    private int sentOther;
    private long dirty;
    private boolean dirtyPf;

    /** {@code vfTables} is filled while virtual functions are enabled. */
    Interrupts(Core core, MsixTable pfTable, MsixTable[] vfTables) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.slots;
        this.pfTable = pfTable;
        this.vfTables = vfTables;
        bindPf();
        bindVf();
    }

    private void bindPf() {
        regs.onRead("EICR", i -> readEicr());
        regs.onWrite("EICR", (i, v) -> clearPf(v & 0xFFFFL, v & OTHER));
        regs.onWrite("EICS", (i, v) -> pfCause(v & 0xFFFFL, v & OTHER));
        regs.onWrite("EICS_EX", (i, v) -> pfCause(Integer.toUnsignedLong(v) << 32 * i, 0));
        regs.onRead("EIMS", i -> regs.get(slots.eims) & OTHER | regs.get(slots.eimsEx) & 0xFFFF);
        regs.onWrite("EIMS", (i, v) -> unmaskPf(v & 0xFFFFL, v & OTHER));
        regs.onWrite("EIMS_EX", (i, v) -> unmaskPf(Integer.toUnsignedLong(v) << 32 * i, 0));
        regs.onWrite("EIMC", (i, v) -> maskPf(v & 0xFFFFL, v & OTHER));
        regs.onWrite("EIMC_EX", (i, v) -> maskPf(Integer.toUnsignedLong(v) << 32 * i, 0));
        regs.onRead("EITR", this::readEitr);
        regs.onWrite("EITR", this::writeEitr);
    }

    private void bindVf() {
        regs.onRead("PVTEICR", vf -> {
            int value = regs.get(slots.pvteicr + vf);
            clearVf(vf, -1);
            return value;
        });
        regs.onWrite("PVTEICR", this::clearVf);
        regs.onWrite("PVTEICS", (vf, v) -> vfCause(vf, v & 7));
        regs.onWrite("PVTEIMS", (vf, v) -> {
            regs.or(slots.pvteims + vf, v & 7);
            sentVf[vf] &= ~v;
            dirty |= 1L << vf;
            deliver();
        });
        regs.onWrite("PVTEIMC", (vf, v) -> {
            regs.set(slots.pvteims + vf, regs.get(slots.pvteims + vf) & ~v);
            sentVf[vf] &= ~v;
        });
    }

    private int readEicr() {
        int value = regs.get(slots.eicr) & OTHER | (int) pfCauses & 0xFFFF;
        boolean otherOnly = (regs.get(slots.gpie) & 1 << 5) != 0; // GPIE.OCD
        clearPf(otherOnly ? 0 : 0xFFFF, OTHER);
        return value;
    }

    private void clearPf(long vectors, int other) {
        pfCauses &= ~vectors;
        sentPf &= ~vectors;
        regs.set(slots.eicr, regs.get(slots.eicr) & ~other);
        sentOther &= ~other;
    }

    private void maskPf(long vectors, int other) {
        sentPf &= ~vectors;
        sentOther &= ~other;
        regs.set(slots.eimsEx, regs.get(slots.eimsEx) & ~(int) vectors);
        regs.set(slots.eimsEx + 1, regs.get(slots.eimsEx + 1) & ~(int) (vectors >>> 32));
        regs.set(slots.eims, regs.get(slots.eims) & ~other);
    }

    private void unmaskPf(long vectors, int other) {
        maskPf(vectors, other);
        regs.or(slots.eimsEx, (int) vectors);
        regs.or(slots.eimsEx + 1, (int) (vectors >>> 32));
        regs.or(slots.eims, other);
        dirtyPf = true;
        deliver();
    }

    private void clearVf(int vf, int bits) {
        regs.set(slots.pvteicr + vf, regs.get(slots.pvteicr + vf) & ~bits);
        sentVf[vf] &= ~bits;
    }

    private int readEitr(int n) {
        long left = throttles.left(n, core.clock.nanos());
        return regs.get(slots.eitr + n) & 0xFF8 | (int) Math.min(0x7F, left / (4 * EITR_UNIT)) << 21;
    }

    private void writeEitr(int n, int value) {
        regs.set(slots.eitr + n, value & 0xFF8);
        if (value >= 0) { // CNT_WDIS clear: the counter is written too
            throttles.set(n, core.clock.nanos() + (long) (value >>> 21 & 0x7F) * 4 * EITR_UNIT);
            dirty = -1;
            dirtyPf = true;
            deliver();
        }
    }

    @Override
    public void queueEvent(int queue, boolean transmit) {
        int vf = core.functionOf(queue);
        int shift = 16 * (queue & 1) + (transmit ? 8 : 0);
        int entry = regs.get((vf < 0 ? slots.ivar : slots.pvtivar) + (queue >> 1)) >>> shift & 0xFF;
        if ((entry & 0x80) == 0) {
            return;
        }
        if (vf < 0) {
            pfCauses |= 1L << (entry & 0x3F);
            dirtyPf = true;
        } else {
            regs.or(slots.pvteicr + vf, 1 << (entry & 3));
            dirty |= 1L << vf;
        }
    }

    /** PF sent a message or an acknowledgement to a VF. */
    void vfMailbox(int vf) {
        int entry = regs.get(slots.pvtivarMisc + vf);
        if ((entry & 0x80) != 0) {
            vfCause(vf, 1 << (entry & 3));
        }
    }

    /** A cause of the physical function that is not a queue: {@link #MAILBOX}, {@link #LINK}. */
    void otherCause(int bits) {
        pfCause(0, bits);
    }

    @Override
    public void linkChanged() {
        pfCause(0, LINK);
    }

    private void vfCause(int vf, int bits) {
        regs.or(slots.pvteicr + vf, bits);
        dirty |= 1L << vf;
        deliver();
    }

    private void pfCause(long vectors, int other) {
        pfCauses |= vectors;
        regs.or(slots.eicr, other);
        dirtyPf = true;
        deliver();
    }

    @Override
    public void deliver() {
        if (dirty == 0 && !dirtyPf) {
            return;
        }
        long now = core.clock.nanos();
        long functions = dirty;
        dirty = 0;
        while (functions != 0) {
            int vf = Long.numberOfTrailingZeros(functions);
            functions &= functions - 1;
            if (vf < core.vfs()) {
                deliverVf(vf, now);
            }
        }
        if (dirtyPf) {
            dirtyPf = false;
            deliverPf(now);
        }
    }

    private void deliverVf(int vf, long now) {
        int due = regs.get(slots.pvteicr + vf) & regs.get(slots.pvteims + vf) & ~sentVf[vf];
        for (int v = 0; due != 0 && v < VF_VECTORS; v++) {
            if ((due & 1 << v) == 0 || waits(eitrOf(vf, v), now)) {
                continue;
            }
            int bit = 1 << v;
            sentVf[vf] |= bit;
            if ((regs.get(slots.pvteiac + vf) & bit) != 0) {
                clearVf(vf, bit);
            }
            if ((regs.get(slots.pvteiam + vf) & bit) != 0 && autoMask()) {
                regs.set(slots.pvteims + vf, regs.get(slots.pvteims + vf) & ~bit);
                sentVf[vf] &= ~bit;
            }
            vfTables[vf].raise(v);
        }
    }

    private void deliverPf(long now) {
        long mask = Integer.toUnsignedLong(regs.get(slots.eimsEx)) | (long) regs.get(slots.eimsEx + 1) << 32;
        long due = pfCauses & mask & ~sentPf;
        while (due != 0) {
            int v = Long.numberOfTrailingZeros(due);
            due &= due - 1;
            if (!waits(v, now)) {
                sendPf(v);
            }
        }
        int other = regs.get(slots.eicr) & regs.get(slots.eims) & OTHER & ~sentOther;
        int entry = regs.get(slots.ivarMisc) >>> 8;
        if (other != 0 && (entry & 0x80) != 0 && !waits(entry & 0x3F, now)) {
            sentOther |= other;
            clearPf(0, other & regs.get(slots.eiac));
            if (autoMask()) {
                maskPf(0, other & regs.get(slots.eiam));
            }
            pfTable.raise(entry & 0x3F);
        }
    }

    private void sendPf(int v) {
        long bit = 1L << v;
        sentPf |= bit;
        // Vectors from 16 on have no bit in EICR that software could clear; they clear themselves.
        if (v >= 16 || (regs.get(slots.eiac) & 1 << v) != 0) {
            clearPf(bit, 0);
        }
        boolean low = v < 16 && (regs.get(slots.eiam) & 1 << v) != 0;
        if (autoMask() && (low || (regs.get(slots.eiamEx + (v >> 5)) & 1 << (v & 31)) != 0)) {
            maskPf(bit, 0);
        }
        pfTable.raise(v);
    }

    private boolean autoMask() {
        return (regs.get(slots.gpie) & 1 << 30) != 0; // GPIE.EIAME
    }

    /** Throttle register of a VF's vector: from the top down, two a VF; -1 if it has none. */
    int eitrOf(int vf, int vector) {
        if (vector > 1) {
            return -1;
        }
        if (vf < 32) {
            return 127 - 2 * vf + vector;
        }
        return (regs.get(slots.eitrsel) >>> (vf - 32) & 1) != 0 ? 63 - 2 * (vf - 32) + vector : -1;
    }

    private boolean waits(int eitr, long now) {
        return eitr >= 0
                && throttles.waits(eitr, now, (regs.get(slots.eitr + eitr) >>> 3 & 0x1FF) * (long) EITR_UNIT);
    }

    @Override
    public void tick(long now) {
        if (throttles.expired(now)) {
            dirty = -1;
            dirtyPf = true;
            deliver();
        }
    }

    @Override
    public long nextEvent() {
        return throttles.nextExpiry();
    }

    /** Forgets a VF's causes and throttles, as its reset does. The registers are reset by the caller. */
    void resetVf(int vf) {
        sentVf[vf] = 0;
        dirty &= ~(1L << vf);
        for (int v = 0; v < 2; v++) {
            int eitr = eitrOf(vf, v);
            if (eitr >= 0) {
                regs.set(slots.eitr + eitr, 0);
                throttles.set(eitr, 0);
            }
        }
    }

    /** Forgets everything, as a reset of the device does. */
    void reset() {
        pfCauses = 0;
        sentPf = 0;
        sentOther = 0;
        dirty = 0;
        dirtyPf = false;
        throttles.reset();
        java.util.Arrays.fill(sentVf, 0);
    }
}
