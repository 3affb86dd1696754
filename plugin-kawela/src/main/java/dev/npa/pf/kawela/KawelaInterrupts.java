package dev.npa.pf.kawela;

import dev.npa.pf.intel.Interrupts;
import dev.npa.pf.intel.Registers;

/**
 * Interrupts of the PF: vector 0 for the uplink queues, the last vector for mailbox and link. EICR tells the vector, ICR
 * the other cause; reading clears both, so causes are collected here until they are asked for. Fact sheet §3.
 */
final class KawelaInterrupts implements Interrupts {

    /** All 25 causes. */
    private static final int ALL = 0x1FF_FFFF;
    /** 10 us between interrupts of the uplink's vector, in units of 1 us from bit 2 on. */
    private static final int THROTTLE = 10 << 2;
    private static final int SECOND_HALF = 8;

    private final Registers registers;
    private final int vectors;
    /** Causes that raised a vector and were not reported by {@link #fired}. */
    private int unreported;
    private int work;

    KawelaInterrupts(Registers registers, int vectors) {
        this.registers = registers;
        this.vectors = vectors;
    }

    @Override
    public void maskAll() {
        registers.write(PfRegisters.EIMC, ALL);
        registers.write(PfRegisters.IMC, -1);
        registers.read(PfRegisters.EICR);
        registers.read(PfRegisters.ICR);
    }

    @Override
    public void enable(int uplinkQueue) {
        registers.write(PfRegisters.EIAC, 0);
        registers.write(PfRegisters.EIAM, 0);
        if (vectors == 0) {
            return;
        }
        int valid = PfRegisters.IVAR_VALID << 8 | PfRegisters.IVAR_VALID; // receive and transmit to vector 0
        registers.write(PfRegisters.IVAR0 + 4 * (uplinkQueue % SECOND_HALF), valid << 16 * (uplinkQueue / SECOND_HALF));
        registers.write(PfRegisters.IVAR_MISC, (PfRegisters.IVAR_VALID | otherVector()) << 8);
        registers.write(PfRegisters.EITR, THROTTLE);
        registers.write(PfRegisters.EIMS, 1 | 1 << otherVector());
        registers.write(PfRegisters.IMS, PfRegisters.ICR_VMMB | PfRegisters.ICR_LSC);
    }

    private int otherVector() {
        return Math.min(vectors - 1, 1);
    }

    @Override
    public boolean fired(int vector) {
        collect();
        boolean raised = (unreported & 1 << vector) != 0;
        unreported &= ~(1 << vector);
        return raised;
    }

    private void collect() {
        int causes = registers.read(PfRegisters.EICR);
        int other = registers.read(PfRegisters.ICR);
        if (causes == -1 || other == -1) {
            return; // a device that is gone has no causes
        }
        int found = ((other & PfRegisters.ICR_VMMB) != 0 ? MAILBOX : 0)
                | ((other & PfRegisters.ICR_LSC) != 0 ? LINK : 0);
        work |= found;
        unreported |= causes | (found != 0 && vectors > 0 ? 1 << otherVector() : 0);
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
