package dev.npa.pf.niantic;

import dev.npa.hw.LinkState;

/** The port's link. Fact sheet §2 (VFLINKS), §10. */
final class Link {

    /** Speed of the port at its best. */
    static final int MAX_MEGABITS = 10_000;
    private static final int SPEED_SHIFT = 28;

    private final Registers registers;

    Link(Registers registers) {
        this.registers = registers;
    }

    LinkState state() {
        return decode(registers.read(PfRegisters.LINKS));
    }

    static LinkState decode(int links) {
        if (links == -1 || (links & PfRegisters.LINKS_UP) == 0) {
            return LinkState.DOWN;
        }
        switch (links >>> SPEED_SHIFT & 3) {
            case 3:
                return new LinkState(true, MAX_MEGABITS);
            case 2:
                return new LinkState(true, 1_000);
            case 1:
                return new LinkState(true, 100);
            default:
                return LinkState.DOWN;
        }
    }
}
