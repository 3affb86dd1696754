package dev.npa.pf.niantic;

import dev.npa.plugin.niantic.regs.QueueRegisters;

/** Programs the embedded switch and the queues for one VF from its settings and state. Fact sheet §10, §11. */
final class VfSwitching {

    private final Registers registers;
    private final PoolLayout layout;
    private final VlanTable vlans;
    private final RateLimiter rates;

    VfSwitching(Registers registers, PoolLayout layout, VlanTable vlans, RateLimiter rates) {
        this.registers = registers;
        this.layout = layout;
        this.vlans = vlans;
        this.rates = rates;
    }

    /** Applies an assigned VF's settings. Whether frames flow is not changed by it. */
    void apply(VfState vf) {
        int pool = vf.index();
        int portVlan = vf.settings().vlan();
        vlans.memberOf(vf.vlans(), pool);
        registers.write(PfRegisters.vmvir(pool), portVlan == 0 ? 0 : portVlan | PfRegisters.VMVIR_DEFAULT);
        hideVlan(pool, portVlan != 0);
        antiSpoof(pool, vf.settings().spoofCheck());
        registers.set(PfRegisters.vmecm(PoolLayout.word(pool)), PoolLayout.bit(pool));
        for (int q = 0; q < layout.queuesPerPool(); q++) {
            rates.limit(layout.firstQueue(pool) + q, vf.settings().megabitsPerSecond());
        }
        accept(vf);
    }

    /**
     * Programs what the VF's pool accepts besides its address. Broadcast and multicast reach it only while it is
     * active: before and after, its VM receives them through the uplink. §5.1
     */
    void accept(VfState vf) {
        int vmolr = vf.settings().vlan() == 0 ? PfRegisters.VMOLR_AUPE : 0;
        if (vf.isActive()) {
            vmolr |= PfRegisters.VMOLR_BAM;
            boolean multicast = !vf.settings().multicast().isEmpty() || !vf.requestedHashes().isEmpty();
            if (multicast && vf.xcast() >= VfState.XCAST_MULTI) {
                vmolr |= PfRegisters.VMOLR_ROMPE;
            }
            if (vf.settings().allMulticast() && vf.xcast() >= VfState.XCAST_ALLMULTI) {
                vmolr |= PfRegisters.VMOLR_MPE;
            }
        }
        registers.write(PfRegisters.vmolr(vf.index()), vmolr);
    }

    /** Lets a pool receive and send. */
    void open(VfState vf) {
        receive(vf.index(), !vf.isReceiveHeld());
        registers.set(PfRegisters.vfte(PoolLayout.word(vf.index())), PoolLayout.bit(vf.index()));
    }

    /** Lets a pool receive, or not. */
    void receive(int pool, boolean on) {
        registers.put(PfRegisters.vfre(PoolLayout.word(pool)), PoolLayout.bit(pool), on);
    }

    /** Cuts a pool off and forgets everything about it; spoof check stays on. */
    void clear(int pool) {
        int word = PoolLayout.word(pool);
        int bit = PoolLayout.bit(pool);
        registers.clear(PfRegisters.vfte(word), bit);
        registers.clear(PfRegisters.vfre(word), bit);
        registers.write(PfRegisters.vmolr(pool), 0);
        vlans.memberOf(java.util.Set.of(), pool);
        registers.write(PfRegisters.vmvir(pool), 0);
        hideVlan(pool, false);
        antiSpoof(pool, true);
        registers.clear(PfRegisters.vmecm(word), bit);
        for (int q = 0; q < layout.queuesPerPool(); q++) {
            rates.limit(layout.firstQueue(pool) + q, 0);
        }
        stopHeadWriteBack(pool);
    }

    /** The head write-back address survives every reset of the VF (§8), so the PF zeroes it. */
    void stopHeadWriteBack(int pool) {
        for (int q = 0; q < layout.queuesPerPool(); q++) {
            int base = PfRegisters.tx(layout.firstQueue(pool) + q);
            registers.write(base + QueueRegisters.TDWBAL, 0);
            registers.write(base + QueueRegisters.TDWBAH, 0);
        }
    }

    /** QDE itself stays off for every queue: a ring that is short holds frames back. */
    private void hideVlan(int pool, boolean hide) {
        for (int q = 0; q < layout.queuesPerPool(); q++) {
            registers.write(PfRegisters.QDE, PfRegisters.QDE_WRITE
                    | layout.firstQueue(pool) + q << PfRegisters.QDE_INDEX_SHIFT
                    | (hide ? PfRegisters.QDE_HIDE_VLAN : 0));
        }
    }

    /** MAC and VLAN together; the VLAN check ignores untagged frames. §11, §14 */
    void antiSpoof(int pool, boolean on) {
        registers.put(PfRegisters.spoof(pool), 0x101 << pool % 8, on);
    }
}
