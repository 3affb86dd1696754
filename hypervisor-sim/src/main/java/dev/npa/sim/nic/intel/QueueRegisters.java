package dev.npa.sim.nic.intel;

/**
 * Side effects of the queue registers, 82599 §7, 82576 §6: ring registers change only while the queue is disabled,
 * ENABLE takes them over, RTTDQSEL reaches a queue indirectly. Used under the device's lock.
 */
public final class QueueRegisters {

    private static final int ENABLE = 1 << 25;
    private static final int SWFLSH = 1 << 26;
    private static final int LENGTH = 0xF_FF80;

    private final IntelCore core;
    private final RegisterFile regs;

    public QueueRegisters(IntelCore core) {
        this.core = core;
        this.regs = core.regs;
        ring("RDBAL", ~0x7F, false);
        ring("RDBAH", ~0, false);
        ring("RDLEN", LENGTH, false);
        head("RDH", false);
        ring("SRRCTL", ~0, false);
        ring("TDBAL", ~0x7F, true);
        ring("TDBAH", ~0, true);
        ring("TDLEN", LENGTH, true);
        head("TDH", true);
        regs.onWrite("RXDCTL", this::rxdctl);
        regs.onWrite("TXDCTL", this::txdctl);
        int select = regs.slot("RTTDQSEL");
        int rate = regs.slot("RTTBCNRC");
        regs.onWrite("RTTBCNRC", (i, v) -> {
            regs.set(rate, v);
            // RS_ENA, then the factor as 14 integer and 14 fraction bits, 82599 §12, 82576 §9.
            core.tx[regs.get(select) & core.tx.length - 1].rateFactor = v < 0 ? v & 0xFFF_FFFF : 0;
        });
        regs.onRead("RTTBCNRC", i -> {
            int factor = core.tx[regs.get(select) & core.tx.length - 1].rateFactor;
            return factor == 0 ? 0 : factor | 1 << 31;
        });
    }

    private void ring(String name, int mask, boolean transmit) {
        int base = regs.slot(name);
        regs.onWrite(name, (queue, value) -> {
            boolean enabled = transmit ? core.tx[queue].enabled : core.rx[queue].enabled;
            if (enabled && (value & mask) != regs.get(base + queue)) {
                core.violation(queue, name + " of queue " + queue + " written while the queue is enabled");
                return;
            }
            regs.set(base + queue, value & mask);
        });
    }

    /** Heads belong to the device; software writes 0 while the queue is disabled. */
    private void head(String name, boolean transmit) {
        int base = regs.slot(name);
        regs.onWrite(name, (queue, value) -> {
            if (value != 0 || (transmit ? core.tx[queue].enabled : core.rx[queue].enabled)) {
                core.violation(queue, name + " of queue " + queue + " written with " + value
                        + "; only 0 is legal, while the queue is disabled");
                return;
            }
            regs.set(base + queue, 0);
        });
    }

    private void rxdctl(int queue, int value) {
        regs.set(core.queueSlots.rxdctl + queue, value & ~SWFLSH);
        RxQueue q = core.rx[queue];
        if ((value & ENABLE) == 0) {
            q.disable();
        } else if (!q.enabled) {
            q.enable();
        }
    }

    private void txdctl(int queue, int value) {
        regs.set(core.queueSlots.txdctl + queue, value & ~SWFLSH);
        TxQueue q = core.tx[queue];
        if ((value & ENABLE) == 0) {
            q.disable();
        } else if (!q.enabled) {
            q.enable();
        }
    }
}
