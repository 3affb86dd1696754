package dev.npa.pf.kawela;

import dev.npa.pf.intel.PfChip;
import dev.npa.pf.intel.Port;
import dev.npa.pf.intel.Registers;

/** The 82576 as a PF driver sees it. */
final class KawelaChip implements PfChip {

    /** FCS, Ethernet header and VLAN tag. */
    static final int OVERHEAD = 4 + 14 + 4;

    @Override
    public String name() {
        return "82576";
    }

    @Override
    public int maxVirtualFunctions() {
        return Pools.COUNT - 1; // one of the pools is the PF's
    }

    @Override
    public int maxMtu() {
        return 9216; // §6
    }

    @Override
    public int maxFrame() {
        return maxMtu() + OVERHEAD;
    }

    @Override
    public int minMegabits() {
        return 1;
    }

    @Override
    public int maxMegabits() {
        return 1_000;
    }

    /** Each pool has its own frame length, so nothing has to wait. */
    @Override
    public boolean holdsAfterReset() {
        return false;
    }

    @Override
    public Port port(Registers registers, int virtualFunctions, int vectors) {
        return new KawelaPort(registers, virtualFunctions, vectors);
    }
}
