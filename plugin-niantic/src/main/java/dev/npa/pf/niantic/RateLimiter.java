package dev.npa.pf.niantic;

import dev.npa.hw.LinkState;
import dev.npa.pf.PfException;

/** Transmit rate limits of queues. Fact sheet §12. */
final class RateLimiter {

    private static final int MIN_MEGABITS = 11;
    private static final int FRACTION_BITS = 14;
    private static final int FACTOR_MASK = (1 << 28) - 1;
    /** Memory window for frames up to 9728 bytes. */
    private static final int WINDOW_JUMBO = 0x14;

    private final Registers registers;
    private final Link link;

    RateLimiter(Registers registers, Link link) {
        this.registers = registers;
        this.link = link;
    }

    static void check(int megabits) {
        if (megabits != 0 && (megabits < MIN_MEGABITS || megabits > Link.MAX_MEGABITS)) {
            throw new PfException("82599: a rate limit of " + megabits + " Mbit/s cannot be programmed; use "
                    + MIN_MEGABITS + ".." + Link.MAX_MEGABITS + " or 0 for none");
        }
    }

    /** Limits a queue; 0 or more than the link carries means no limit. */
    void limit(int queue, int megabits) {
        LinkState state = link.state();
        int speed = state.up() ? state.megabitsPerSecond() : Link.MAX_MEGABITS;
        registers.write(PfRegisters.RTTDQSEL, queue);
        registers.write(PfRegisters.RTTBCNRM, WINDOW_JUMBO);
        registers.write(PfRegisters.RTTBCNRC, megabits == 0 || megabits >= speed ? 0
                : PfRegisters.RTTBCNRC_ENA | factor(speed, megabits));
    }

    /** Link speed over rate, with 14 bits of fraction. */
    static int factor(int speed, int megabits) {
        return (int) (((long) speed << FRACTION_BITS) / megabits) & FACTOR_MASK;
    }
}
