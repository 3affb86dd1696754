package dev.npa.sim.nic.intel;

import java.util.Locale;

/**
 * BAR0 of a virtual function as a view of the physical function's registers: which word of VF {@code n} is which word
 * of the device. Each row of the table ends with {@code -> REGISTER rule}; the chip knows its rules. Immutable and
 * shared by all VFs.
 *
 * @param <R> the chip's rules
 */
public abstract class VfWindow<R extends Enum<R>> {

    /** Bytes of the window. */
    public static final int BYTES = 16 * 1024;
    /** {@link #slot}: this VF has no such element. */
    public static final int NOT_OWNED = -2;

    private final RegisterMap map;
    private final int[] target;
    private final R[] rule;

    /**
     * Reads the table {@code vf-registers.map} next to a class.
     *
     * @param regs registers that the table shows
     * @param rules an empty array of the rules' type
     */
    protected VfWindow(Class<?> anchor, RegisterFile regs, Class<R> ruleType, R[] rules) {
        map = RegisterMap.load(anchor, "vf-registers.map", BYTES);
        target = new int[map.size()];
        rule = java.util.Arrays.copyOf(rules, map.size());
        for (Register r : map.registers()) {
            String[] view = r.view().split("\\s+");
            if (view.length != 2) {
                throw new IllegalArgumentException("vf-registers.map: " + r.name() + " wants '-> REGISTER rule'");
            }
            for (int i = 0; i < r.slots(); i++) {
                target[r.slot() + i] = regs.slot(view[0]);
                rule[r.slot() + i] = Enum.valueOf(ruleType, view[1].toUpperCase(Locale.ROOT));
            }
        }
    }

    /** Slot of the device's register that a word shows to VF {@code vf}, or {@link #NOT_OWNED}. */
    public final int slot(int word, int vf) {
        return slot(rule[word], target[word], word - map.at(word).slot(), vf);
    }

    /**
     * The chip's rules.
     *
     * @param base first slot of the register that is shown
     * @param index number of the word within the VF's register
     */
    protected abstract int slot(R how, int base, int index, int vf);

    /** Whether a word is the mailbox register. */
    protected abstract boolean isMailbox(R how);

    /** Whether a word clears pending bits of the function's MSI-X table. */
    protected abstract boolean isPendingClear(R how);

    /** Word of the window at a byte offset, or {@link RegisterMap#NONE}. */
    int wordAt(int offset) {
        return map.slotAt(offset);
    }

    boolean isMailbox(int word) {
        return isMailbox(rule[word]);
    }

    boolean isPendingClear(int word) {
        return isPendingClear(rule[word]);
    }

    boolean isReadOnly(int word) {
        return map.at(word).mode() == Register.Mode.RO;
    }

    String label(int word) {
        return map.label(word);
    }
}
