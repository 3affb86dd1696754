package dev.npa.sim.nic.intel;

import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.MsixTable;

/** BAR0: byte offsets to registers. An offset without a register is recorded, reads as 0 and drops writes. */
public final class CsrWindow {

    private CsrWindow() {
    }

    /** BAR0 of the physical function. */
    public static RegisterWindow physical(IntelCore core) {
        RegisterMap map = core.regs.map();
        String name = core.functionName(-1);
        return new RegisterWindow() {
            @Override
            public int length() {
                return 128 * 1024;
            }

            @Override
            public int read32(int offset) {
                int slot = map.slotAt(offset);
                if (slot < 0) {
                    unknown(core, name, "read", offset);
                    return 0;
                }
                return core.regs.read(slot);
            }

            @Override
            public void write32(int offset, int value) {
                int slot = map.slotAt(offset);
                if (slot < 0) {
                    unknown(core, name, "write", offset);
                } else if (!core.regs.write(slot, value)) {
                    core.violations.record(name, "write to read-only register " + map.label(slot));
                }
            }
        };
    }

    /** BAR0 of a virtual function. */
    public static RegisterWindow virtual(IntelCore core, VfWindow<?> view, Mailbox mailbox, MsixTable msix, int vf) {
        String name = core.functionName(vf);
        return new RegisterWindow() {
            @Override
            public int length() {
                return VfWindow.BYTES;
            }

            @Override
            public int read32(int offset) {
                int word = view.wordAt(offset);
                if (word < 0) {
                    unknown(core, name, "read", offset);
                    return 0;
                }
                if (view.isMailbox(word)) {
                    synchronized (core.lock) {
                        return mailbox.vfRead(vf);
                    }
                }
                int slot = slot(word, offset, "read");
                return slot < 0 || view.isPendingClear(word) ? 0 : core.regs.read(slot);
            }

            @Override
            public void write32(int offset, int value) {
                int word = view.wordAt(offset);
                if (word < 0) {
                    unknown(core, name, "write", offset);
                } else if (view.isReadOnly(word)) {
                    core.violations.record(name, "write to read-only register " + view.label(word));
                } else if (view.isMailbox(word)) {
                    synchronized (core.lock) {
                        mailbox.vfWrite(vf, value);
                    }
                } else if (view.isPendingClear(word)) {
                    clearPending(value);
                } else {
                    int slot = slot(word, offset, "write");
                    if (slot >= 0) {
                        core.regs.write(slot, value);
                    }
                }
            }

            private int slot(int word, int offset, String access) {
                int slot = view.slot(word, vf);
                if (slot < 0) {
                    core.violations.record(name, access + " of " + view.label(word)
                            + ", which this VF does not have in the present VT mode");
                }
                return slot;
            }

            private void clearPending(int bits) {
                for (int v = 0; v < msix.vectors(); v++) {
                    if ((bits >>> v & 1) != 0) {
                        msix.clearPending(v);
                    }
                }
            }
        };
    }

    private static void unknown(IntelCore core, String name, String access, int offset) {
        core.violations.record(name, access + " of BAR0 offset 0x" + Integer.toHexString(offset)
                + ((offset & 3) != 0 ? ", which is not a multiple of 4"
                        : ", where the " + core.chip + " has no register"));
    }
}
