package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.Violations;

/** BAR2: MSI-X table at 0, pending bits at 0x1000; vmxnet3 §1. */
final class MsixPage {

    private static final int ENTRY = 16;

    private final String name;
    private final Violations violations;
    private final MsixTable table;

    MsixPage(String name, Violations violations, MsixTable table) {
        this.name = name;
        this.violations = violations;
        this.table = table;
    }

    int read(int offset) {
        if (offset < table.vectors() * ENTRY) {
            return table.readTable(offset);
        }
        int pending = offset - Vmxnet3Registers.PENDING_BITS;
        if (pending >= 0 && pending < 8) {
            return table.readPending(pending);
        }
        violations.record(name, "read of BAR2 offset 0x" + Integer.toHexString(offset)
                + ", which is neither MSI-X table nor pending bits");
        return 0;
    }

    void write(int offset, int value) {
        if (offset < table.vectors() * ENTRY) {
            table.writeTable(offset, value);
        } else {
            violations.record(name, "write of BAR2 offset 0x" + Integer.toHexString(offset)
                    + ", which is not in the MSI-X table");
        }
    }
}
