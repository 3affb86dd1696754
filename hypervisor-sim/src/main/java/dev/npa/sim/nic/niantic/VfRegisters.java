package dev.npa.sim.nic.niantic;

import java.util.List;

/**
 * BAR0 of a virtual function as a view of the physical function's registers, 82599 §2: which word of VF {@code n} is
 * which word of the device. Immutable and shared by all VFs.
 */
final class VfRegisters {

    /** Bytes of the window. */
    static final int WINDOW = 16 * 1024;
    /** {@link #slot}: this VF has no such queue. */
    static final int NOT_OWNED = -2;

    private enum Rule {
        ONE, VF, WORDS, PAIR, QUEUE, EITR, MAILBOX, PBACL
    }

    private final Core core;
    private final RegisterMap map = RegisterMap.load("vf-registers.map", WINDOW);
    private final int[] target = new int[map.size()];
    private final Rule[] rule = new Rule[map.size()];

    VfRegisters(Core core) {
        this.core = core;
        for (Register r : map.registers()) {
            String[] view = r.view().split("\\s+");
            if (view.length != 2) {
                throw new IllegalArgumentException("vf-registers.map: " + r.name() + " wants '-> REGISTER rule'");
            }
            for (int i = 0; i < r.slots(); i++) {
                target[r.slot() + i] = core.regs.slot(view[0]);
                rule[r.slot() + i] = Rule.valueOf(view[1].toUpperCase(java.util.Locale.ROOT));
            }
        }
    }

    /** Word of the window at a byte offset, or {@link RegisterMap#NONE}. */
    int wordAt(int offset) {
        return map.slotAt(offset);
    }

    boolean isMailbox(int word) {
        return rule[word] == Rule.MAILBOX;
    }

    boolean isPendingClear(int word) {
        return rule[word] == Rule.PBACL;
    }

    boolean isReadOnly(int word) {
        return map.at(word).mode() == Register.Mode.RO;
    }

    String label(int word) {
        return map.label(word);
    }

    List<Register> registers() {
        return map.registers();
    }

    /** Slot of the device's register that a word shows to VF {@code vf}, or {@link #NOT_OWNED}. */
    int slot(int word, int vf) {
        int index = word - map.at(word).slot();
        int base = target[word];
        int shift = core.poolShift();
        return switch (rule[word]) {
            case ONE, PBACL -> base;
            case VF, MAILBOX -> base + vf;
            case WORDS -> base + 16 * vf + index;
            case PAIR -> index < 1 << shift - 1 ? base + (vf << shift - 1) + index : NOT_OWNED;
            case QUEUE -> index < 1 << shift ? base + (vf << shift) + index : NOT_OWNED;
            case EITR -> {
                int n = vf < 32 ? 127 - 2 * vf + index : 63 - 2 * (vf - 32) + index;
                yield vf < 32 || (core.regs.get(core.slots.eitrsel) >>> vf - 32 & 1) != 0 ? base + n : NOT_OWNED;
            }
        };
    }
}
