package dev.npa.pf.broadcom;

import dev.npa.pf.PfException;

/** Holds received frames in the packet buffer. Each PF has a bit of its own. */
final class ReceiveHold {

    private final Registers registers;

    ReceiveHold(Registers registers) {
        this.registers = registers;
    }

    void hold() {
        registers.write(Grc.BRB_HOLD, 1 << registers.pf());
        if (!registers.await(Grc.BRB_HOLD, Grc.BRB_IDLE, Grc.BRB_IDLE)) {
            release();
            throw new PfException("57712: frames that were received did not reach their rings within " + Waits.LIMIT
                    + "; check that the rings have buffers");
        }
    }

    void release() {
        registers.write(Grc.BRB_HOLD, 0);
    }
}
