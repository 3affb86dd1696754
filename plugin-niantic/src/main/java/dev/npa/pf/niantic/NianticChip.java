package dev.npa.pf.niantic;

import dev.npa.pf.intel.PfChip;
import dev.npa.pf.intel.Port;
import dev.npa.pf.intel.Registers;

/** The 82599 as a PF driver sees it. */
final class NianticChip implements PfChip {
    /** 9 KiB is what the embedded switch bears with SR-IOV (§14, clarification 14); PF and VFs share the limit. */
    private static final int MAX_FRAME_WITH_FCS = 9216;
    private static final int FCS = 4;
    private static final int HEADER_AND_TAG = 18;

    @Override
    public String name() {
        return "82599";
    }

    @Override
    public int maxVirtualFunctions() {
        return PoolLayout.MAX_VFS;
    }

    @Override
    public int maxMtu() {
        return MAX_FRAME_WITH_FCS - FCS - HEADER_AND_TAG;
    }

    @Override
    public int maxFrame() {
        return MAX_FRAME_WITH_FCS;
    }

    @Override
    public int minMegabits() {
        return 11; // §12
    }

    @Override
    public int maxMegabits() {
        return 10_000;
    }

    /** The port is jumbo, which a VF must know before it receives. §5.2 */
    @Override
    public boolean holdsAfterReset() {
        return true;
    }

    @Override
    public Port port(Registers registers, int virtualFunctions, int vectors) {
        return new NianticPort(registers, virtualFunctions, vectors);
    }
}
