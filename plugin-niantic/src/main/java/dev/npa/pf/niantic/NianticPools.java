package dev.npa.pf.niantic;

import dev.npa.pf.intel.PoolControls;
import dev.npa.pf.intel.Registers;
import dev.npa.pf.intel.VfState;

/** What a pool of the 82599 may send and receive. Fact sheet §10, §11. */
record NianticPools(Registers registers, PoolLayout layout) implements PoolControls {

    @Override
    public void accept(VfState vf, int bits) {
        registers.write(PfRegisters.vmolr(vf.index()), bits);
    }

    @Override
    public void acceptNothing(int pool) {
        registers.write(PfRegisters.vmolr(pool), 0);
    }

    @Override
    public void tag(int pool, int vmvir) {
        registers.write(PfRegisters.vmvir(pool), vmvir);
    }

    /** QDE itself stays off for every queue: a ring that is short holds frames back. */
    @Override
    public void hideTag(int pool, boolean hide) {
        for (int q = 0; q < layout.queuesPerPool(); q++) {
            registers.write(PfRegisters.QDE, PfRegisters.QDE_WRITE
                    | layout.firstQueue(pool) + q << PfRegisters.QDE_INDEX_SHIFT
                    | (hide ? PfRegisters.QDE_HIDE_VLAN : 0));
        }
    }

    /** VLAN only together with MAC; the VLAN check ignores untagged frames. §11, §14 */
    @Override
    public void antiSpoof(int pool, boolean address, boolean vlan) {
        registers.put(PfRegisters.spoof(pool), 0x101 << pool % 8, address);
    }

    @Override
    public void countSpoofed(int pool, boolean on) {
        registers.put(PfRegisters.vmecm(PoolLayout.word(pool)), PoolLayout.bit(pool), on);
    }

    @Override
    public void receive(int pool, boolean on) {
        registers.put(PfRegisters.vfre(PoolLayout.word(pool)), PoolLayout.bit(pool), on);
    }

    @Override
    public void transmit(int pool, boolean on) {
        registers.put(PfRegisters.vfte(PoolLayout.word(pool)), PoolLayout.bit(pool), on);
    }

    /** A plugin has nothing to learn: its device hides the tag of a port VLAN by itself. */
    @Override
    public void note(VfState vf) {
        // No register.
    }
}
