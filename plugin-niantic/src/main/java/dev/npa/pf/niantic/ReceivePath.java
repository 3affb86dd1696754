package dev.npa.pf.niantic;

/**
 * Holds received frames at the entrance of the device. Disabling the SEC receive path keeps frames in the packet
 * buffer; ready means that nothing is left behind it. Also needed to enable receive while traffic is on. Fact sheet
 * §10, §14.
 */
final class ReceivePath {

    private final Registers registers;

    ReceivePath(Registers registers) {
        this.registers = registers;
    }

    /** Pauses, or throws and leaves frames flowing. */
    void pause() {
        registers.set(PfRegisters.SECRXCTRL, PfRegisters.SECRXCTRL_RX_DIS);
        try {
            registers.require(PfRegisters.SECRXSTAT, PfRegisters.SECRXSTAT_READY, PfRegisters.SECRXSTAT_READY,
                    "the receive path did not come to rest");
        } catch (dev.npa.pf.PfException e) {
            resume();
            throw e;
        }
    }

    void resume() {
        registers.clear(PfRegisters.SECRXCTRL, PfRegisters.SECRXCTRL_RX_DIS);
    }

    /** Turns receive on or off as a whole. */
    void enable(boolean on) {
        pause();
        registers.put(PfRegisters.RXCTRL, PfRegisters.RXCTRL_RXEN, on);
        resume();
    }
}
