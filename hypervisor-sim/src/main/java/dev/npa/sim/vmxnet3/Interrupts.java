package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.MsixTable;

/**
 * Interrupt masks of the pass-through page and the way to MSI-X or INTx; vmxnet3 §3, §5.
 *
 * <p>A cause for a masked vector is remembered and fires when it is unmasked. With autoMask every message sent masks
 * its vector. intrCtrl and modLevels are hints that this device does not need: drivers change intrCtrl in memory
 * without a command, so heeding it could lose a cause.
 *
 * <p>Thread-safe; a leaf in the order of locks.
 */
final class Interrupts {

    private final MsixTable msix;
    private final boolean[] masked = new boolean[Vmxnet3Registers.VECTORS];
    private final boolean[] pending = new boolean[Vmxnet3Registers.VECTORS];
    private boolean autoMask;
    private boolean msixEnabled;
    private boolean line;

    Interrupts(MsixTable msix) {
        this.msix = msix;
        reset();
    }

    /** All vectors masked, nothing pending, line down. */
    synchronized void reset() {
        for (int v = 0; v < masked.length; v++) {
            masked[v] = true;
            pending[v] = false;
        }
        autoMask = false;
        line = false;
    }

    /** Forgets causes, as when the device is quiesced; masks stay. */
    synchronized void forgetCauses() {
        java.util.Arrays.fill(pending, false);
        line = false;
    }

    synchronized void autoMask(boolean on) {
        autoMask = on;
    }

    /** Follows the enable bit of the MSI-X capability. */
    synchronized void msixEnabled(boolean on) {
        msixEnabled = on;
    }

    synchronized int readMask(int vector) {
        return masked[vector] ? 1 : 0;
    }

    synchronized void writeMask(int vector, boolean mask) {
        masked[vector] = mask;
        if (!mask && pending[vector]) {
            pending[vector] = false;
            send(vector);
        }
    }

    synchronized void raise(int vector) {
        if (masked[vector]) {
            pending[vector] = true;
        } else {
            send(vector);
        }
    }

    private void send(int vector) {
        if (msixEnabled) {
            masked[vector] = autoMask;
            msix.raise(vector);
        } else {
            line = true;
        }
    }

    /** Whether INTA is asserted. */
    synchronized boolean line() {
        return line;
    }

    /** A read of ICR: tells whether the line was asserted, and drops it. */
    synchronized int acknowledgeLine() {
        boolean was = line;
        line = false;
        if (was && autoMask) {
            masked[0] = true;
        }
        return was ? 1 : 0;
    }
}
