package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.SegmentationContract;
import dev.npa.sim.nic.intel.TxRing;

/** 82599 §6.3. */
class SegmentationTest extends SegmentationContract {

    private Lab lab;

    @Override
    protected TxRing ring() {
        lab = new Lab(1);
        lab.address(1, Frames.A, 1);
        return lab.vf[0].tx();
    }

    @Override
    protected byte[] next() {
        lab.run();
        return lab.sent();
    }

    @Override
    protected void noViolations() {
        lab.noViolations();
    }

    @Override
    protected long options() {
        return TxRing.CC;
    }

    @Override
    protected boolean cwrInMiddle() {
        return true;
    }
}
