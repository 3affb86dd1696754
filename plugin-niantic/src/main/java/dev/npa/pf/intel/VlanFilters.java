package dev.npa.pf.intel;

/** Registers of the pool filter for VLANs (VLVF). Entry 0 is for VLAN 0. */
public interface VlanFilters {

    int entries();

    /** Offset of the VLAN bitmap (VFTA). */
    int vfta();

    /** Makes an entry valid, members first. */
    void enable(int n, int vlan, long members);

    /** Changes the members of a valid entry. */
    void members(int n, int vlan, long members);

    void clear(int n);
}
