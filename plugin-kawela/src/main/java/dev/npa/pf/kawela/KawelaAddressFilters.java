package dev.npa.pf.kawela;

import dev.npa.hw.MacAddress;
import dev.npa.pf.intel.AddressFilters;
import dev.npa.pf.intel.Registers;

/** RAL and RAH of the 82576, which has the pool bits in RAH. Fact sheet §7. */
record KawelaAddressFilters(Registers registers) implements AddressFilters {

    @Override
    public int entries() {
        return PfRegisters.RAR_ENTRIES;
    }

    @Override
    public MacAddress own() {
        int high = registers.read(PfRegisters.rah(0));
        return MacAddress.ofRegisters(registers.read(PfRegisters.ral(0)), high & 0xFFFF);
    }

    @Override
    public void enter(int n, MacAddress mac, int pool) {
        registers.write(PfRegisters.ral(n), mac.low32());
        point(n, mac, pool); // the address is whole before it is valid
    }

    /** One write turns the address from pool to pool. */
    @Override
    public void point(int n, MacAddress mac, int pool) {
        registers.write(PfRegisters.rah(n),
                mac.high16() | 1 << PfRegisters.RAH_POOLS_SHIFT + pool | PfRegisters.RAH_AV);
    }

    @Override
    public void erase(int n) {
        registers.write(PfRegisters.rah(n), 0);
        registers.write(PfRegisters.ral(n), 0);
    }
}
