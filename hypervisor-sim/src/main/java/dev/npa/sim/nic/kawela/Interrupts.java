package dev.npa.sim.nic.kawela;

import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.nic.intel.Causes;
import dev.npa.sim.nic.intel.RegisterFile;
import dev.npa.sim.nic.intel.Throttles;

/**
 * From causes to MSI-X messages, 82576 §3: one register of 25 causes for all functions, of which VF {@code n} has three
 * from {@code 22 - 3n} on and the physical function those that no enabled VF has. IVAR maps an event to a cause, the
 * mask lets it through, EITR spaces messages, EIAC and EIAM clear cause and mask when one is sent.
 *
 * <p>A message is sent once for a cause; the next needs the cause to be cleared and set again, or the mask bit to be
 * written again. Used under the device's lock.
 */
final class Interrupts implements Causes {

    /** Causes, and so vectors of the physical function. */
    static final int CAUSES = 25;
    /** ICR bits. */
    static final int LINK = 1 << 2;
    static final int MAILBOX = 1 << 8;

    private static final int VF_VECTORS = 3;
    private static final int VALID = 0x80;
    private static final int EIAME = 1 << 30;
    private static final int MICROSECOND = 1_000;
    /** The counter in EITR shows the upper bits only. */
    private static final int COUNTER_UNIT = 8 * MICROSECOND;

    private final Core core;
    private final RegisterFile regs;
    private final Slots slots;
    private final Throttles throttles = new Throttles(CAUSES);
    private final MsixTable pfTable;
    private final MsixTable[] vfTables;
    private int sent;
    private boolean dirty;

    /** {@code vfTables} is filled while virtual functions are enabled. */
    Interrupts(Core core, MsixTable pfTable, MsixTable[] vfTables) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.slots;
        this.pfTable = pfTable;
        this.vfTables = vfTables;
        bindPf();
        bindVf();
        bindIcr();
    }

    /** Cause of a VF's vector 0. */
    static int firstCause(int vf) {
        return 22 - VF_VECTORS * vf;
    }

    private static int mask(int vf) {
        return 7 << firstCause(vf);
    }

    /** Causes of the physical function. */
    private int own() {
        // VF 0 has the highest causes, the last VF the lowest.
        int vfs = core.vfs();
        return vfs == 0 ? (1 << CAUSES) - 1 : (1 << firstCause(vfs - 1)) - 1;
    }

    private void bindPf() {
        regs.onRead("EICR", i -> readCauses(own()));
        regs.onWrite("EICR", (i, v) -> clear(v & own()));
        regs.onWrite("EICS", (i, v) -> raise(v & own()));
        regs.onRead("EIMS", i -> regs.get(slots.eims) & own());
        regs.onWrite("EIMS", (i, v) -> unmask(v & own()));
        regs.onWrite("EIMC", (i, v) -> mask(own(), v));
        regs.onRead("EIAC", i -> regs.get(slots.eiac) & own());
        regs.onWrite("EIAC", (i, v) -> replace(slots.eiac, own(), v));
        regs.onRead("EIAM", i -> regs.get(slots.eiam) & own());
        regs.onWrite("EIAM", (i, v) -> replace(slots.eiam, own(), v));
        regs.onRead("EITR", this::readEitr);
        regs.onWrite("EITR", this::writeEitr);
        regs.onWrite("IVAR", (i, v) -> {
            for (int shift = 0; shift < 32; shift += 8) {
                check(v >>> shift, "IVAR[" + i + "]");
            }
            regs.set(slots.ivar + i, v);
        });
        regs.onWrite("IVAR_MISC", (i, v) -> {
            check(v >>> 8, "IVAR_MISC");
            regs.set(slots.ivarMisc, v);
        });
    }

    private void check(int entry, String where) {
        if ((entry & VALID) != 0 && (1 << (entry & 0x1F) & own()) == 0) {
            core.violations.record(core.functionName(-1), where + " names vector " + (entry & 0x1F)
                    + ", which the PF does not have with " + core.vfs() + " VFs");
        }
    }

    private void bindVf() {
        regs.onRead("PVTEICR", vf -> readCauses(mask(vf)) >>> firstCause(vf));
        regs.onWrite("PVTEICR", (vf, v) -> clear(shifted(vf, v)));
        regs.onWrite("PVTEICS", (vf, v) -> raise(shifted(vf, v)));
        regs.onRead("PVTEIMS", vf -> (regs.get(slots.eims) & mask(vf)) >>> firstCause(vf));
        regs.onWrite("PVTEIMS", (vf, v) -> unmask(shifted(vf, v)));
        regs.onWrite("PVTEIMC", (vf, v) -> mask(mask(vf), shifted(vf, v)));
        regs.onRead("PVTEIAC", vf -> (regs.get(slots.eiac) & mask(vf)) >>> firstCause(vf));
        regs.onWrite("PVTEIAC", (vf, v) -> replace(slots.eiac, mask(vf), shifted(vf, v)));
        regs.onRead("PVTEIAM", vf -> (regs.get(slots.eiam) & mask(vf)) >>> firstCause(vf));
        regs.onWrite("PVTEIAM", (vf, v) -> replace(slots.eiam, mask(vf), shifted(vf, v)));
        regs.onWrite("PVTIVAR", (vf, v) -> regs.set(slots.pvtivar + vf, v & 0x83838383)); // 82576 §2
        regs.onWrite("PVTIVAR_MISC", (vf, v) -> regs.set(slots.pvtivarMisc + vf, v & 0x83));
    }

    private static int shifted(int vf, int bits) {
        return (bits & 7) << firstCause(vf);
    }

    private void bindIcr() {
        regs.onWrite("ICS", (i, v) -> otherCause(v));
        regs.onWrite("IMS", (i, v) -> {
            regs.or(slots.ims, v);
            otherVector(regs.get(slots.icr) & v);
        });
        regs.onWrite("IMC", (i, v) -> regs.set(slots.ims, regs.get(slots.ims) & ~v));
    }

    private int readCauses(int bits) {
        int value = regs.get(slots.eicr) & bits;
        clear(bits);
        return value;
    }

    private void clear(int bits) {
        regs.set(slots.eicr, regs.get(slots.eicr) & ~bits);
        sent &= ~bits;
    }

    private void mask(int allowed, int bits) {
        regs.set(slots.eims, regs.get(slots.eims) & ~(bits & allowed));
        sent &= ~(bits & allowed);
    }

    private void unmask(int bits) {
        sent &= ~bits;
        regs.or(slots.eims, bits);
        dirty = true;
        deliver();
    }

    private void replace(int slot, int allowed, int bits) {
        regs.set(slot, regs.get(slot) & ~allowed | bits & allowed);
    }

    private void raise(int bits) {
        regs.or(slots.eicr, bits);
        dirty = true;
        deliver();
    }

    private int readEitr(int n) {
        long left = throttles.left(n, core.clock.nanos());
        return regs.get(slots.eitr + n) | (int) Math.min(0x3FF, left / COUNTER_UNIT) << 21;
    }

    private void writeEitr(int n, int value) {
        regs.set(slots.eitr + n, value & 0x7FFC);
        if (value >= 0) { // CNT_IGNR clear: the counter is written too
            throttles.set(n, core.clock.nanos() + (long) (value >>> 21 & 0x3FF) * COUNTER_UNIT);
            dirty = true;
            deliver();
        }
    }

    /** A cause of the physical function that is not a queue: {@link #MAILBOX}, {@link #LINK}. */
    void otherCause(int bits) {
        regs.or(slots.icr, bits);
        otherVector(bits & regs.get(slots.ims));
    }

    private void otherVector(int unmasked) {
        int entry = regs.get(slots.ivarMisc) >>> 8;
        if (unmasked != 0 && (entry & VALID) != 0) {
            raise(1 << (entry & 0x1F) & own());
        }
    }

    @Override
    public void linkChanged() {
        otherCause(LINK);
    }

    /** PF sent a message or an acknowledgement to a VF. */
    void vfMailbox(int vf) {
        vfEvent(vf, regs.get(slots.pvtivarMisc + vf));
        deliver();
    }

    private void vfEvent(int vf, int entry) {
        if ((entry & VALID) != 0 && (entry & 3) < VF_VECTORS) {
            regs.or(slots.eicr, 1 << firstCause(vf) + (entry & 3));
            dirty = true;
        }
    }

    @Override
    public void queueEvent(int queue, boolean transmit) {
        int pool = queue % Core.POOLS;
        int shift = 16 * (queue / Core.POOLS) + (transmit ? 8 : 0);
        int vf = core.functionOf(queue);
        if (vf >= 0) {
            vfEvent(vf, regs.get(slots.pvtivar + vf) >>> shift);
            return;
        }
        int entry = regs.get(slots.ivar + pool) >>> shift;
        if ((entry & VALID) != 0) {
            regs.or(slots.eicr, 1 << (entry & 0x1F) & own());
            dirty = true;
        }
    }

    @Override
    public void deliver() {
        if (!dirty) {
            return;
        }
        dirty = false;
        long now = core.clock.nanos();
        int due = regs.get(slots.eicr) & regs.get(slots.eims) & ~sent;
        while (due != 0) {
            int cause = Integer.numberOfTrailingZeros(due);
            due &= due - 1;
            long interval = (regs.get(slots.eitr + cause) >>> 2) * (long) MICROSECOND;
            if (!throttles.waits(cause, now, interval)) {
                send(cause);
            }
        }
    }

    private void send(int cause) {
        int bit = 1 << cause;
        sent |= bit;
        if ((regs.get(slots.eiac) & bit) != 0) {
            clear(bit);
        }
        if ((regs.get(slots.eiam) & bit) != 0 && (regs.get(slots.gpie) & EIAME) != 0) {
            mask(bit, bit);
        }
        int vf = (firstCause(0) + VF_VECTORS - 1 - cause) / VF_VECTORS;
        if (vf < core.vfs()) {
            vfTables[vf].raise(cause - firstCause(vf));
        } else {
            pfTable.raise(cause);
        }
    }

    @Override
    public void tick(long now) {
        if (throttles.expired(now)) {
            dirty = true;
            deliver();
        }
    }

    @Override
    public long nextEvent() {
        return throttles.nextExpiry();
    }

    /** A VF's interrupt registers to default, as its reset does. */
    void resetVf(int vf) {
        int bits = mask(vf);
        clear(bits);
        mask(bits, bits);
        replace(slots.eiac, bits, 0);
        replace(slots.eiam, bits, 0);
        regs.set(slots.pvtivar + vf, 0);
        regs.set(slots.pvtivarMisc + vf, 0);
        for (int v = 0; v < VF_VECTORS; v++) {
            regs.set(slots.eitr + firstCause(vf) + v, 0);
            throttles.set(firstCause(vf) + v, 0);
        }
    }

    /** Forgets what is beside the registers, as a reset of the device does. */
    void reset() {
        sent = 0;
        dirty = false;
        throttles.reset();
    }
}
