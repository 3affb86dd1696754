package dev.npa.pf.kawela;

import dev.npa.pf.intel.PoolControls;
import dev.npa.pf.intel.Registers;
import dev.npa.pf.intel.VfState;
import dev.npa.plugin.kawela.regs.PfNote;

/** What a pool of the 82576 may send and receive. Fact sheet §7, §8. */
record Pools(Registers registers) implements PoolControls {

    /** Pools, of two queues each: n and n + 8. §1 */
    static final int COUNT = 8;

    private static final int WORDS = 16;

    /** What every VF's pool does: strip tag and FCS, take frames of its own length. */
    @Override
    public void accept(VfState vf, int bits) {
        int longest = vf.settings().mtu() + KawelaChip.OVERHEAD;
        if (vf.maxFrame() != 0) {
            longest = Math.min(longest, vf.maxFrame());
        }
        boolean spread = vf.settings().rss() != null
                && registers.read(PfRegisters.psrtype(vf.index())) >>> PfRegisters.RQPL_SHIFT != 0;
        registers.write(PfRegisters.vmolr(vf.index()), bits | longest | PfRegisters.VMOLR_LPE | PfRegisters.STRVLAN
                | PfRegisters.STRCRC | (spread ? PfRegisters.VMOLR_RSSE : 0));
    }

    @Override
    public void acceptNothing(int pool) {
        registers.write(PfRegisters.vmolr(pool), PfRegisters.STRCRC);
    }

    @Override
    public void tag(int pool, int vmvir) {
        registers.write(PfRegisters.vmvir(pool), vmvir);
    }

    /** The switch cannot hide a tag that it strips; the note tells the plugin to. */
    @Override
    public void hideTag(int pool, boolean hide) {
        // No register.
    }

    @Override
    public void antiSpoof(int pool, boolean address, boolean vlan) {
        int value = registers.read(PfRegisters.DTXSWC) & ~(0x101 << pool);
        registers.write(PfRegisters.DTXSWC, value | (address ? 1 << pool : 0)
                | (vlan ? 1 << PfRegisters.DTXSWC_VLAN_SHIFT + pool : 0));
    }

    /** All are counted, always. */
    @Override
    public void countSpoofed(int pool, boolean on) {
        // No register.
    }

    @Override
    public void receive(int pool, boolean on) {
        registers.put(PfRegisters.VFRE, 1 << pool, on);
    }

    @Override
    public void transmit(int pool, boolean on) {
        registers.put(PfRegisters.VFTE, 1 << pool, on);
    }

    @Override
    public void note(VfState vf) {
        registers.write(PfRegisters.VMBMEM + Integer.BYTES * (WORDS * vf.index() + PfNote.WORD),
                PfNote.of(vf.settings().vlan() != 0));
    }
}
