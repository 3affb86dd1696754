package dev.npa.shell.runtime.pci;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.ShellException;

/**
 * A PCI function that the shell has taken into use: memory decoding and bus mastering enabled, MSI-X table programmed.
 *
 * <p>On real hardware a VF's vendor and device registers read FFFF:FFFF and its memory-enable bit is wired to 0, so
 * neither tells whether a function is there. {@link PciFunction#identity()} tells what it is; a status register of all
 * ones tells that it is gone.
 */
public final class PciDevice {

    private static final int COMMAND = 0x04;
    private static final int STATUS = 0x06;
    private static final int CAPABILITIES = 0x34;
    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_MASTER = 1 << 2;
    private static final int COMMAND_INTX_DISABLE = 1 << 10;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int MSIX_ID = 0x11;
    private static final int MSIX_CONTROL = 2;
    private static final int MSIX_TABLE = 4;
    private static final int MSIX_ENABLE = 1 << 15;
    private static final int MSIX_MASK_ALL = 1 << 14;

    private final PciFunction function;
    private final InterruptVectors cpu;
    private final int[] vectors;
    private final int capability;
    private boolean enabled;

    private PciDevice(PciFunction function, InterruptVectors cpu, int vectors, int capability) {
        this.function = function;
        this.cpu = cpu;
        this.vectors = new int[vectors];
        this.capability = capability;
    }

    /**
     * Enables a function.
     *
     * @param wanted most MSI-X vectors to use; fewer are used if the function has fewer
     * @param handler serves the function's interrupts
     * @throws ShellException if the function is gone or has no MSI-X capability although vectors are wanted
     */
    public static PciDevice enable(PciFunction function, int wanted, InterruptVectors cpu, InterruptHandler handler) {
        if (isGone(function)) {
            throw new ShellException("PCI function " + function.identity() + " answers all ones: it was unplugged");
        }
        int capability = wanted == 0 ? 0 : findCapability(function, MSIX_ID);
        if (wanted > 0 && capability == 0) {
            throw new ShellException("PCI function " + function.identity() + " has no MSI-X capability");
        }
        int table = wanted == 0 ? 0 : (function.readConfig(capability + MSIX_CONTROL, 2) & 0x7FF) + 1;
        PciDevice device = new PciDevice(function, cpu, Math.min(wanted, table), capability);
        int command = function.readConfig(COMMAND, 2);
        function.writeConfig(COMMAND, 2, command | COMMAND_MEMORY | COMMAND_MASTER | COMMAND_INTX_DISABLE);
        device.enabled = true;
        try {
            device.programVectors(handler);
        } catch (RuntimeException e) {
            device.disable();
            throw e;
        }
        return device;
    }

    /** Whether the function was unplugged. */
    public static boolean isGone(PciFunction function) {
        return (function.readConfig(STATUS, 2) & 0xFFFF) == 0xFFFF;
    }

    private static int findCapability(PciFunction function, int id) {
        if ((function.readConfig(STATUS, 2) & STATUS_CAPABILITIES) == 0) {
            return 0;
        }
        int pointer = function.readConfig(CAPABILITIES, 1) & 0xFC;
        // 48 capabilities fill the 192 bytes there are: a longer chain is a loop.
        for (int i = 0; i < 48 && pointer >= 0x40; i++) {
            if ((function.readConfig(pointer, 1) & 0xFF) == id) {
                return pointer;
            }
            pointer = function.readConfig(pointer + 1, 1) & 0xFC;
        }
        return 0;
    }

    private void programVectors(InterruptHandler handler) {
        if (vectors.length == 0) {
            return;
        }
        int control = function.readConfig(capability + MSIX_CONTROL, 2) & 0xFFFF;
        // All masked while the table is in motion, else a half-written entry could send a message somewhere.
        function.writeConfig(capability + MSIX_CONTROL, 2, control | MSIX_ENABLE | MSIX_MASK_ALL);
        int location = function.readConfig(capability + MSIX_TABLE, 4);
        RegisterWindow table = function.bar(location & 7);
        int offset = location & ~7;
        for (int i = 0; i < vectors.length; i++) {
            int vector = cpu.allocate(handler, i);
            vectors[i] = vector;
            int entry = offset + 16 * i;
            table.write32(entry, (int) InterruptController.MSI_ADDRESS);
            table.write32(entry + 4, (int) (InterruptController.MSI_ADDRESS >>> 32));
            table.write32(entry + 8, vector);
            table.write32(entry + 12, 0);
        }
        function.writeConfig(capability + MSIX_CONTROL, 2, (control | MSIX_ENABLE) & ~MSIX_MASK_ALL);
    }

    public PciIdentity identity() {
        return function.identity();
    }

    public PciFunction function() {
        return function;
    }

    /** Interrupt vectors in use, numbered from 0. */
    public int vectors() {
        return vectors.length;
    }

    /** The CPU's vector behind one of the device's. */
    public int cpuVector(int vector) {
        return vectors[vector];
    }

    /**
     * Takes the function out of use: it does no DMA and raises no interrupt when this returns. Idempotent; works on an
     * unplugged function.
     */
    public void disable() {
        if (!enabled) {
            return;
        }
        enabled = false;
        if (!isGone(function)) {
            if (vectors.length > 0) {
                int control = function.readConfig(capability + MSIX_CONTROL, 2) & 0xFFFF;
                function.writeConfig(capability + MSIX_CONTROL, 2, control & ~MSIX_ENABLE | MSIX_MASK_ALL);
            }
            int command = function.readConfig(COMMAND, 2);
            function.writeConfig(COMMAND, 2, command & ~COMMAND_MASTER);
        }
        for (int vector : vectors) {
            if (vector != 0) {
                cpu.free(vector);
            }
        }
    }
}
