package dev.npa.pf.kawela;

import dev.npa.pf.intel.Registers;
import dev.npa.pf.intel.VlanFilters;

/** VLVF of the 82576: VLAN, pool bits and enable in one word. Fact sheet §7. */
record KawelaVlanFilters(Registers registers) implements VlanFilters {

    @Override
    public int entries() {
        return PfRegisters.VLVF_ENTRIES;
    }

    @Override
    public int vfta() {
        return PfRegisters.VFTA;
    }

    @Override
    public void enable(int n, int vlan, long members) {
        members(n, vlan, members);
    }

    @Override
    public void members(int n, int vlan, long members) {
        registers.write(PfRegisters.vlvf(n),
                vlan | (int) members << PfRegisters.VLVF_POOLS_SHIFT | PfRegisters.VLVF_VIEN);
    }

    @Override
    public void clear(int n) {
        registers.write(PfRegisters.vlvf(n), 0);
    }
}
