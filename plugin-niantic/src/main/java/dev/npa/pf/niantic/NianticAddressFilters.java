package dev.npa.pf.niantic;

import dev.npa.hw.MacAddress;
import dev.npa.pf.intel.AddressFilters;
import dev.npa.pf.intel.Registers;

/** RAL, RAH and the pool bits (MPSAR) of the 82599. Fact sheet §10. */
record NianticAddressFilters(Registers registers) implements AddressFilters {

    @Override
    public int entries() {
        return PfRegisters.RAR_ENTRIES;
    }

    @Override
    public MacAddress own() {
        int high = registers.read(PfRegisters.rah(0));
        return MacAddress.ofRegisters(registers.read(PfRegisters.ral(0)), high);
    }

    @Override
    public void enter(int n, MacAddress mac, int pool) {
        point(n, mac, pool); // pools first: a valid entry always has one
        registers.write(PfRegisters.ral(n), mac.low32());
        registers.write(PfRegisters.rah(n), mac.high16() | PfRegisters.RAH_AV);
    }

    /** The word with the new pool is written first. */
    @Override
    public void point(int n, MacAddress mac, int pool) {
        int word = PoolLayout.word(pool);
        registers.write(PfRegisters.mpsar(n, word), PoolLayout.bit(pool));
        registers.write(PfRegisters.mpsar(n, 1 - word), 0);
    }

    @Override
    public void erase(int n) {
        registers.write(PfRegisters.rah(n), 0);
        registers.write(PfRegisters.ral(n), 0);
        registers.write(PfRegisters.mpsar(n, 0), 0);
        registers.write(PfRegisters.mpsar(n, 1), 0);
    }
}
