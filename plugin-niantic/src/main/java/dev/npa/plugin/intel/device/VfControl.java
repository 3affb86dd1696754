package dev.npa.plugin.intel.device;

import dev.npa.hw.Clock;
import dev.npa.hw.RegisterWindow;

/** Register sequences of a VF that concern no single queue: reset and interrupts. All waits are bounded. */
final class VfControl {

    private static final long SHORT_NANOS = 5_000;
    private static final int SHORT_POLLS = 200;
    private static final long LONG_NANOS = 1_000_000;
    private static final int LONG_POLLS = 1_500;
    /** About 10 us between interrupts of a vector: 5 x 2.048 us on the 82599 and 10 x 1 us on the 82576. §3 of both */
    private static final int THROTTLE = 40;
    /** EITR: leave the running counter alone. */
    private static final int THROTTLE_KEEP = 1 << 31;
    private static final int RST = 1 << 26;
    /** Mailbox: reset of the PF in progress. */
    private static final int RSTI = 1 << 6;
    /** Mailbox: reset of the PF done; read clears. */
    private static final int RSTD = 1 << 7;
    /** PSRTYPE: log2 of the RSS queues. */
    private static final int RQPL_SHIFT = 29;
    private static final int IVAR_VALID = 0x80;
    /** Queue pairs that a routing register serves. */
    private static final int PAIRS = 2;
    /** Bits of all three vectors of a VF. */
    private static final int ALL_VECTORS = 7;

    private final RegisterWindow registers;
    private final ControlRegisters at;
    private final Clock clock;
    /** Vectors that were unmasked and have not been reported as fired. */
    private int armed;

    VfControl(RegisterWindow registers, ControlRegisters at, Clock clock) {
        this.registers = registers;
        this.at = at;
        this.clock = clock;
    }

    /**
     * Resets the VF. Waits 1 ms in short steps, then 1.5 s in long ones, in case the PF is being reset itself.
     *
     * @return false if the device does not come back
     */
    boolean reset() {
        armed = 0;
        registers.write32(at.maskClear(), ALL_VECTORS);
        registers.write32(at.control(), RST);
        clock.stall(SHORT_NANOS);
        for (int i = 0; i < SHORT_POLLS + LONG_POLLS; i++) {
            if (isReady()) {
                return true;
            }
            clock.stall(i < SHORT_POLLS ? SHORT_NANOS : LONG_NANOS);
        }
        return false;
    }

    /** A read that shows RSTD consumes it, so that the next one is clean. */
    private boolean isReady() {
        int mailbox = registers.read32(at.mailbox());
        return mailbox != -1 && (mailbox & (RSTI | RSTD)) == 0;
    }

    /** Lets RSS spread over a power of two of these queues: it shall never pick one that is not enabled. §2 */
    void spread(int queues) {
        registers.write32(at.psrtype(), Integer.SIZE - 1 - Integer.numberOfLeadingZeros(queues) << RQPL_SHIFT);
    }

    /**
     * Routes queue pair q to vector q % vectors, with throttle, automatic acknowledge and automatic mask. Leaves
     * everything masked.
     */
    void routeInterrupts(int txQueues, int rxQueues, int vectors) {
        int mask = (1 << vectors) - 1;
        registers.write32(at.maskClear(), ALL_VECTORS);
        // Not one more: a VF with fewer queues does not have the others.
        for (int n = 0; PAIRS * n < Math.max(txQueues, rxQueues); n++) {
            registers.write32(at.route() + 4 * n, route(n, txQueues, rxQueues, vectors));
        }
        registers.write32(at.routeMailbox(), 0); // the mailbox is not used
        for (int v = 0; v < vectors; v++) {
            registers.write32(at.throttle() + 4 * v, THROTTLE | THROTTLE_KEEP);
        }
        registers.write32(at.autoClear(), mask);
        registers.write32(at.autoMask(), mask);
        registers.read32(at.cause()); // clears what is left from before
    }

    private static int route(int n, int txQueues, int rxQueues, int vectors) {
        int ivar = 0;
        for (int i = 0; i < PAIRS && vectors > 0; i++) {
            int q = PAIRS * n + i;
            int entry = IVAR_VALID | q % vectors;
            ivar |= (q < rxQueues ? entry : 0) << 16 * i | (q < txQueues ? entry : 0) << 16 * i + 8;
        }
        return ivar;
    }

    /** Unmasks a vector. A cause that was set while it was masked sends its message at once. §3 */
    void enable(int vector) {
        armed |= 1 << vector;
        registers.write32(at.maskSet(), 1 << vector);
    }

    /** Masks a vector. If its message is already under way, {@link #fired} still reports it. */
    void disable(int vector) {
        if (!isAutoMasked(vector)) {
            armed &= ~(1 << vector);
        }
        registers.write32(at.maskClear(), 1 << vector);
    }

    /** Masks all vectors. */
    void disableAll() {
        armed = 0;
        registers.write32(at.maskClear(), ALL_VECTORS);
        registers.read32(at.cause());
    }

    /**
     * Whether the device sent this vector since it was unmasked: sending acknowledges the cause (EIAC) and masks the
     * vector (EIAM), so a vector that is still unmasked did not fire. §3
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
        return (registers.read32(at.maskSet()) & 1 << vector) == 0;
    }
}
