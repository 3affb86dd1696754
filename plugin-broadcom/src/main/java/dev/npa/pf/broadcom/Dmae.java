package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.PfException;

/** The copy engine's channel 0: moves words between host memory and a VF's memory. */
final class Dmae {

    private static final int SOURCE_PCI = 0;
    private static final int DESTINATION_PCI = 1 << 1;
    private static final int COMPLETION = 1 << 4;
    private static final int IS_VF = 1 << 6;
    private static final int DESTINATION_VF_SHIFT = 8;
    private static final int DONE = 0x0D0A_5712;

    private final Registers registers;
    private final DmaMemory completion;

    /** Takes 4 bytes of memory for the completion word. */
    Dmae(Registers registers, DmaMemory completion) {
        this.registers = registers;
        this.completion = completion;
    }

    /** Copies {@code bytes}, a multiple of 4, from a VF's memory. */
    void fromVf(int vf, long source, long target, int bytes) {
        run(source, target, bytes, IS_VF | vf);
    }

    /** Copies {@code bytes}, a multiple of 4, into a VF's memory. */
    void toVf(int vf, long source, long target, int bytes) {
        run(source, target, bytes, (IS_VF | vf) << DESTINATION_VF_SHIFT);
    }

    private void run(long source, long target, int bytes, int functions) {
        completion.putInt(0, 0);
        int at = Grc.DMAE_COMMAND;
        registers.write(at, SOURCE_PCI | DESTINATION_PCI | COMPLETION);
        registers.write64(at + 4, source);
        registers.write64(at + 12, target);
        registers.write(at + 20, bytes / 4 | functions << 16);
        registers.write64(at + 24, completion.address());
        registers.write(at + 32, DONE);
        for (int i = 9; i < 14; i++) {
            registers.write(at + 4 * i, 0);
        }
        registers.write(Grc.DMAE_GO, 1);
        if (!Waits.until(registers.clock(), () -> completion.getIntAcquire(0) == DONE)) {
            throw new PfException("57712: a copy of " + bytes + " bytes from or to a VF did not end within "
                    + Waits.LIMIT + "; check the addresses that the VF gave");
        }
    }
}
