package dev.npa.pf.broadcom;

import dev.npa.hw.LinkState;

/** The port's link. */
final class Link {

    private static final LinkState UP = new LinkState(true, 10_000);

    private final Registers registers;

    Link(Registers registers) {
        this.registers = registers;
    }

    LinkState state() {
        int status = registers.read(Grc.LINK_STATUS);
        return status != -1 && (status & Grc.LINK_UP_10G) != 0 ? UP : LinkState.DOWN;
    }
}
