package dev.npa.plugin.niantic.device;

import dev.npa.hw.Clock;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.niantic.regs.VfRegisters;

/** Register sequences of a VF that concern no single queue: reset and interrupts. All waits are bounded. */
final class VfControl {

    private static final long SHORT_NANOS = 5_000;
    private static final int SHORT_POLLS = 200;
    private static final long LONG_NANOS = 1_000_000;
    private static final int LONG_POLLS = 2_000;
    /** 5 x 2.048 us between interrupts of a vector, about 100,000 a second. §3 */
    private static final int THROTTLE = 40;

    private final RegisterWindow registers;
    private final Clock clock;
    /** Vectors that were unmasked and have not been reported as fired. */
    private int armed;

    VfControl(RegisterWindow registers, Clock clock) {
        this.registers = registers;
        this.clock = clock;
    }

    /**
     * Resets the VF. Waits 1 ms in short steps, then 2 s in long ones, in case the PF is being reset itself.
     *
     * @return false if the device does not come back
     */
    boolean reset() {
        armed = 0;
        registers.write32(VfRegisters.VTEIMC, VfRegisters.ALL_VECTORS);
        registers.write32(VfRegisters.VFCTRL, VfRegisters.VFCTRL_RST); // §8
        clock.stall(SHORT_NANOS);
        for (int i = 0; i < SHORT_POLLS + LONG_POLLS; i++) {
            if (isReady()) {
                return true;
            }
            clock.stall(i < SHORT_POLLS ? SHORT_NANOS : LONG_NANOS);
        }
        return false;
    }

    /** §9: a read that shows RSTD consumes it, so that the next one is clean. */
    private boolean isReady() {
        int mailbox = registers.read32(VfRegisters.VFMAILBOX);
        return mailbox != -1 && (mailbox & (VfRegisters.RSTI | VfRegisters.RSTD)) == 0;
    }

    /**
     * Routes queue pair q to vector q % vectors, with throttle, automatic acknowledge and automatic mask. Leaves
     * everything masked.
     */
    void routeInterrupts(int txQueues, int rxQueues, int vectors) {
        int ivar = 0;
        if (vectors > 0) {
            for (int q = 0; q < rxQueues; q++) {
                ivar |= (VfRegisters.IVAR_VALID | q % vectors) << 16 * q; // §2: byte 0 and 2 receive
            }
            for (int q = 0; q < txQueues; q++) {
                ivar |= (VfRegisters.IVAR_VALID | q % vectors) << 16 * q + 8; // byte 1 and 3 transmit
            }
        }
        int mask = (1 << vectors) - 1;
        registers.write32(VfRegisters.VTEIMC, VfRegisters.ALL_VECTORS);
        registers.write32(VfRegisters.VTIVAR, ivar);
        registers.write32(VfRegisters.VTIVAR_MISC, 0); // the mailbox is not used
        for (int v = 0; v < vectors; v++) {
            registers.write32(VfRegisters.vteitr(v), THROTTLE | VfRegisters.CNT_WDIS);
        }
        registers.write32(VfRegisters.VTEIAC, mask);
        registers.write32(VfRegisters.VTEIAM, mask);
        registers.read32(VfRegisters.VTEICR); // clears what is left from before; §2
    }

    /** Unmasks a vector. A cause that was set while it was masked sends its message at once. §3 */
    void enable(int vector) {
        armed |= 1 << vector;
        registers.write32(VfRegisters.VTEIMS, 1 << vector);
    }

    /** Masks a vector. If its message is already under way, {@link #fired} still reports it. */
    void disable(int vector) {
        if (!isAutoMasked(vector)) {
            armed &= ~(1 << vector);
        }
        registers.write32(VfRegisters.VTEIMC, 1 << vector);
    }

    /** Masks all vectors. */
    void disableAll() {
        armed = 0;
        registers.write32(VfRegisters.VTEIMC, VfRegisters.ALL_VECTORS);
        registers.read32(VfRegisters.VTEICR);
    }

    /**
     * Whether the device sent this vector since it was unmasked: sending acknowledges the cause (VTEIAC) and masks the
     * vector (VTEIAM), so a vector that is still unmasked did not fire. §3
     */
    boolean fired(int vector) {
        int bit = 1 << vector;
        boolean raised = (armed & bit) != 0 && isAutoMasked(vector);
        if (raised) {
            armed &= ~bit;
        }
        return raised;
    }

    private boolean isAutoMasked(int vector) {
        return (registers.read32(VfRegisters.VTEIMS) & 1 << vector) == 0;
    }
}
