package dev.npa.pf.kawela;

import dev.npa.pf.PfException;
import dev.npa.pf.intel.ReceiveHold;
import dev.npa.pf.intel.Registers;

/** Holds received frames in the packet buffer (RXHOLD). RCTL.EN would lose them. */
record ReceiveHolder(Registers registers) implements ReceiveHold {

    @Override
    public void pause() {
        registers.write(PfRegisters.RXHOLD, PfRegisters.RXHOLD_HOLD);
        try {
            registers.require(PfRegisters.RXHOLD, PfRegisters.RXHOLD_HELD, PfRegisters.RXHOLD_HELD,
                    "the receive path did not come to rest");
        } catch (PfException e) {
            resume();
            throw e;
        }
    }

    @Override
    public void resume() {
        registers.write(PfRegisters.RXHOLD, 0);
    }
}
