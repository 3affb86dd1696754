package dev.npa.pf.intel;

import dev.npa.hw.LinkState;

/** Transmit rate limits of queues. 82599 §12, 82576 §9. */
final class RateLimiter {

    private static final int FRACTION_BITS = 14;
    private static final int FACTOR_MASK = (1 << 28) - 1;
    /** Memory window for frames up to 9728 bytes. */
    private static final int WINDOW_JUMBO = 0x14;

    private static final int ENABLE = 1 << 31;

    private final Registers registers;
    private final RateRegisters at;
    private final Port port;
    private final int maxMegabits;

    RateLimiter(Registers registers, RateRegisters at, Port port, int maxMegabits) {
        this.registers = registers;
        this.at = at;
        this.port = port;
        this.maxMegabits = maxMegabits;
    }

    /** Limits a queue; 0 or more than the link carries means no limit. */
    void limit(int queue, int megabits) {
        LinkState state = port.link();
        int speed = state.up() ? state.megabitsPerSecond() : maxMegabits;
        registers.write(at.select(), queue);
        registers.write(at.window(), WINDOW_JUMBO);
        registers.write(at.rate(), megabits == 0 || megabits >= speed ? 0
                : ENABLE | factor(speed, megabits));
    }

    /** Link speed over rate, with 14 bits of fraction. */
    static int factor(int speed, int megabits) {
        return (int) (((long) speed << FRACTION_BITS) / megabits) & FACTOR_MASK;
    }
}
