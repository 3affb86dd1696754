package dev.npa.pf.niantic;

import dev.npa.pf.PfException;
import dev.npa.pf.intel.ReceiveHold;
import dev.npa.pf.intel.Registers;

/**
 * Holds received frames at the entrance of the device. Disabling the SEC receive path keeps frames in the packet
 * buffer; ready means that nothing is left behind it. Also needed to enable receive while traffic is on. Fact sheet
 * §10, §14.
 */
final class ReceivePath implements ReceiveHold {

    private final Registers registers;

    ReceivePath(Registers registers) {
        this.registers = registers;
    }

    @Override
    public void pause() {
        registers.set(PfRegisters.SECRXCTRL, PfRegisters.SECRXCTRL_RX_DIS);
        try {
            registers.require(PfRegisters.SECRXSTAT, PfRegisters.SECRXSTAT_READY, PfRegisters.SECRXSTAT_READY,
                    "the receive path did not come to rest");
        } catch (PfException e) {
            resume();
            throw e;
        }
    }

    @Override
    public void resume() {
        registers.clear(PfRegisters.SECRXCTRL, PfRegisters.SECRXCTRL_RX_DIS);
    }

    /** Turns receive on or off as a whole. */
    void enable(boolean on) {
        pause();
        registers.put(PfRegisters.RXCTRL, PfRegisters.RXCTRL_RXEN, on);
        resume();
    }
}
