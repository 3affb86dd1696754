package dev.npa.pf.niantic;

import dev.npa.pf.intel.Registers;
import dev.npa.pf.intel.VlanFilters;

/** VLVF and its pool bits (VLVFB) of the 82599. Fact sheet §10. */
record NianticVlanFilters(Registers registers) implements VlanFilters {

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
        registers.write(PfRegisters.vlvf(n), vlan | PfRegisters.VLVF_VIEN);
    }

    @Override
    public void members(int n, int vlan, long members) {
        registers.write(PfRegisters.vlvfb(n, 0), (int) members);
        registers.write(PfRegisters.vlvfb(n, 1), (int) (members >>> 32));
    }

    @Override
    public void clear(int n) {
        registers.write(PfRegisters.vlvf(n), 0);
        registers.write(PfRegisters.vlvfb(n, 0), 0);
        registers.write(PfRegisters.vlvfb(n, 1), 0);
    }
}
