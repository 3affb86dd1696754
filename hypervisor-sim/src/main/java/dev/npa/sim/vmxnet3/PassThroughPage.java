package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.Violations;

/**
 * BAR0, the pass-through page: interrupt masks and doorbells; vmxnet3 §3. Writes are dropped while the device has no
 * shared area. The masks work while the emulation is stopped, since events still come; doorbells are hints only.
 */
final class PassThroughPage {

    private final String name;
    private final Violations violations;
    private final Emulation emulation;
    private final Interrupts interrupts;

    PassThroughPage(String name, Violations violations, Emulation emulation, Interrupts interrupts) {
        this.name = name;
        this.violations = violations;
        this.emulation = emulation;
        this.interrupts = interrupts;
    }

    int read(int offset) {
        if (isMask(offset)) {
            return interrupts.readMask(offset / Vmxnet3Registers.STRIDE);
        }
        if (!isDoorbell(offset, Vmxnet3Registers.MAX_TX_QUEUES, Vmxnet3Registers.MAX_RX_QUEUES)) {
            violations.record(name, "read of BAR0 offset 0x" + Integer.toHexString(offset)
                    + ", which is no register of revision 1");
        }
        return 0;
    }

    void write(int offset, int value) {
        Emulation.Mode mode = emulation.mode();
        if (isMask(offset)) {
            if (mode != Emulation.Mode.QUIET) {
                interrupts.writeMask(offset / Vmxnet3Registers.STRIDE, (value & 1) != 0);
            }
        } else if (!isDoorbell(offset, Vmxnet3Registers.MAX_TX_QUEUES, Vmxnet3Registers.MAX_RX_QUEUES)) {
            violations.record(name, "write of BAR0 offset 0x" + Integer.toHexString(offset)
                    + ", which is no register of revision 1");
        } else if (mode == Emulation.Mode.ACTIVE
                && !isDoorbell(offset, emulation.txQueues(), emulation.rxQueues())) {
            violations.record(name, "doorbell at BAR0 offset 0x" + Integer.toHexString(offset)
                    + " is that of a queue which was not activated");
        }
    }

    private static boolean isMask(int offset) {
        return offset < Vmxnet3Registers.IMR + Vmxnet3Registers.VECTORS * Vmxnet3Registers.STRIDE
                && (offset & Vmxnet3Registers.STRIDE - 1) == 0;
    }

    private static boolean isDoorbell(int offset, int txQueues, int rxQueues) {
        return Vmxnet3Registers.isDoorbell(offset, Vmxnet3Registers.TXPROD, txQueues)
                || Vmxnet3Registers.isDoorbell(offset, Vmxnet3Registers.RXPROD, rxQueues)
                || Vmxnet3Registers.isDoorbell(offset, Vmxnet3Registers.RXPROD2, rxQueues);
    }
}
