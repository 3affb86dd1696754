package dev.npa.pf.niantic;

import dev.npa.pf.intel.Interrupts;
import dev.npa.pf.intel.Registers;

/**
 * Interrupts of the PF: vector 0 for the uplink queues, the last vector for mailbox and link. Reading EICR clears it,
 * so causes are collected here until they are asked for. Fact sheet §3.
 */
final class NianticInterrupts implements Interrupts {

    private static final int OTHER = PfRegisters.EICR_MAILBOX | PfRegisters.EICR_LSC;
    private static final int ALL = 0x7FFF_FFFF;
    /** 5 x 2.048 us between interrupts of the uplink's vector. */
    private static final int THROTTLE = 40;

    private final Registers registers;
    private final int vectors;
    /** Causes that raised a vector and were not reported by {@link #fired}. */
    private int unreported;
    private int work;

    NianticInterrupts(Registers registers, int vectors) {
        this.registers = registers;
        this.vectors = vectors;
    }

    @Override
    public void maskAll() {
        registers.write(PfRegisters.EIMC, ALL);
        registers.write(PfRegisters.eimcEx(0), -1);
        registers.write(PfRegisters.eimcEx(1), -1);
        registers.read(PfRegisters.EICR);
    }

    @Override
    public void enable(int uplinkQueue) {
        registers.write(PfRegisters.EIAC, 0);
        registers.write(PfRegisters.EIAM, 0);
        if (vectors == 0) {
            return;
        }
        int valid = PfRegisters.IVAR_VALID << 8 | PfRegisters.IVAR_VALID; // receive and transmit to vector 0
        registers.write(PfRegisters.ivar(uplinkQueue), valid << 16 * (uplinkQueue & 1));
        registers.write(PfRegisters.IVAR_MISC, (PfRegisters.IVAR_VALID | otherVector()) << 8);
        registers.write(PfRegisters.eitr(0), THROTTLE);
        registers.write(PfRegisters.EIMS, 1 | 1 << otherVector() | OTHER);
    }

    private int otherVector() {
        return Math.min(vectors - 1, 1);
    }

    @Override
    public boolean fired(int vector) {
        collect();
        int mine = (vector == 0 ? 1 : 0) | (vector == otherVector() ? OTHER | 1 << vector : 0);
        boolean raised = (unreported & mine) != 0;
        unreported &= ~mine;
        return raised;
    }

    private void collect() {
        int causes = registers.read(PfRegisters.EICR);
        if (causes != -1) { // a device that is gone has no causes
            unreported |= causes;
            work |= ((causes & PfRegisters.EICR_MAILBOX) != 0 ? MAILBOX : 0)
                    | ((causes & PfRegisters.EICR_LSC) != 0 ? LINK : 0);
        }
    }

    @Override
    public int takeWork() {
        collect();
        int taken = work;
        work = 0;
        return taken;
    }

    @Override
    public void putBack(int unfinished) {
        work |= unfinished;
    }
}
