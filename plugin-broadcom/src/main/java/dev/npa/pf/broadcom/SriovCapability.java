package dev.npa.pf.broadcom;

import dev.npa.hw.PciFunction;
import dev.npa.pf.PfException;

/** The SR-IOV extended capability in the PF's configuration space. Offsets are those of the PCIe specification. */
final class SriovCapability {

    private static final int FIRST = 0x100;
    private static final int ID = 0x0010;
    private static final int CONTROL = 0x08;
    private static final int TOTAL_VFS = 0x0E;
    private static final int NUM_VFS = 0x10;
    private static final int VF_ENABLE = 1;
    private static final int VF_MSE = 1 << 3;
    /** Extended capabilities that fit into the 4 KiB of configuration space: bounds a broken list. */
    private static final int MAX_CAPABILITIES = 96;
    /** What the PCIe specification grants VFs before they must answer. */
    private static final long SETTLE_NANOS = 100_000_000;

    private final PciFunction function;
    private final int at;

    SriovCapability(PciFunction function) {
        this.function = function;
        this.at = find(function);
    }

    private static int find(PciFunction function) {
        int offset = FIRST;
        for (int i = 0; i < MAX_CAPABILITIES && offset >= FIRST; i++) {
            int header = function.readConfig(offset, 4);
            if (header == -1) {
                break;
            }
            if ((header & 0xFFFF) == ID) {
                return offset;
            }
            offset = header >>> 20 & ~3;
        }
        throw new PfException("physical function " + function.identity()
                + " has no SR-IOV capability; check that the platform did not hide it");
    }

    /** VFs that the device has. */
    int totalVirtualFunctions() {
        return function.readConfig(at + TOTAL_VFS, 2);
    }

    /** Enables {@code count} VFs and their memory spaces. NumVFs may only change while VF Enable is 0. */
    void enable(int count, Registers registers) {
        function.writeConfig(at + CONTROL, 2, control() & ~(VF_ENABLE | VF_MSE));
        function.writeConfig(at + NUM_VFS, 2, count);
        if (count > 0) {
            function.writeConfig(at + CONTROL, 2, control() | VF_ENABLE | VF_MSE);
            registers.clock().stall(SETTLE_NANOS);
        }
    }

    void disable() {
        function.writeConfig(at + CONTROL, 2, control() & ~(VF_ENABLE | VF_MSE));
        function.writeConfig(at + NUM_VFS, 2, 0);
    }

    private int control() {
        return function.readConfig(at + CONTROL, 2);
    }
}
