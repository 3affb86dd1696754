package dev.npa.sim.host;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PciFunction;
import dev.npa.hw.RegisterWindow;

/** What a host does with a PCI function's configuration space. PCI numbers, not those of any device. */
final class PciConfig {

    /** Command register. */
    static final int COMMAND = 0x04;
    /** Memory decoding and bus mastering. */
    static final int COMMAND_MEMORY_AND_MASTER = 0x6;
    /** First interrupt vector that is not reserved. */
    static final int FIRST_VECTOR = 32;

    private static final int CAPABILITIES = 0x34;
    private static final int CAP_PCIE = 0x10;
    private static final int CAP_MSIX = 0x11;
    private static final int DEVICE_CAPABILITIES = 4;
    private static final int CAN_FLR = 1 << 28;
    private static final int DEVICE_CONTROL = 8;
    private static final int INITIATE_FLR = 1 << 15;
    private static final int MSIX_ENABLE = 1 << 15;
    private static final int MSIX_SIZE = 0x7FF;

    private PciConfig() {}

    /**
     * Finds a capability.
     *
     * @return its offset in configuration space; 0 if the function has none of this id
     */
    static int capability(PciFunction function, int id) {
        int at = function.readConfig(CAPABILITIES, 1) & 0xFC;
        // 48 capabilities of 4 bytes fill the space: more steps mean a loop.
        for (int steps = 0; at >= 0x40 && steps < 48; steps++) {
            if (function.readConfig(at, 1) == id) {
                return at;
            }
            at = function.readConfig(at + 1, 1) & 0xFC;
        }
        return 0;
    }

    static void enable(PciFunction function) {
        function.writeConfig(COMMAND, 2, function.readConfig(COMMAND, 2) | COMMAND_MEMORY_AND_MASTER);
    }

    /** MSI-X vectors of a function; 0 if it has none. */
    static int vectors(PciFunction function) {
        int at = capability(function, CAP_MSIX);
        return at == 0 ? 0 : (function.readConfig(at + 2, 2) & MSIX_SIZE) + 1;
    }

    /**
     * Points every MSI-X vector {@code v} to interrupt {@link #FIRST_VECTOR} + v, unmasks and enables them.
     *
     * @return how many vectors there are
     */
    static int programMsix(PciFunction function) {
        int at = capability(function, CAP_MSIX);
        if (at == 0) {
            return 0;
        }
        int vectors = Math.min((function.readConfig(at + 2, 2) & MSIX_SIZE) + 1,
                InterruptController.VECTORS - FIRST_VECTOR);
        int table = function.readConfig(at + 4, 4);
        RegisterWindow bar = function.bar(table & 7);
        for (int v = 0; v < vectors; v++) {
            int entry = (table & ~7) + 16 * v;
            bar.write32(entry, (int) InterruptController.MSI_ADDRESS);
            bar.write32(entry + 4, 0);
            bar.write32(entry + 8, FIRST_VECTOR + v);
            bar.write32(entry + 12, 0);
        }
        function.writeConfig(at + 2, 2, function.readConfig(at + 2, 2) | MSIX_ENABLE);
        return vectors;
    }

    /**
     * Resets a function through its PCIe capability.
     *
     * @throws IllegalStateException if the function cannot be reset on its own
     */
    static void functionLevelReset(PciFunction function) {
        int at = capability(function, CAP_PCIE);
        if (at == 0 || (function.readConfig(at + DEVICE_CAPABILITIES, 4) & CAN_FLR) == 0) {
            throw new IllegalStateException("function " + function.identity()
                    + " has no function-level reset; it cannot be given to guests");
        }
        function.writeConfig(at + DEVICE_CONTROL, 2,
                function.readConfig(at + DEVICE_CONTROL, 2) | INITIATE_FLR);
    }
}
