package dev.npa.pf.intel;

import dev.npa.plugin.intel.regs.QueueRegisters;
import java.util.Set;

/** Programs the embedded switch and the queues for one VF from its settings and state. 82599 §10, 82576 §7. */
public final class VfSwitching {

    private final Registers registers;
    private final Port port;
    private final PoolControls pools;
    private final VlanTable vlans;
    private final RateLimiter rates;
    private final Runnable multicastChanged;

    VfSwitching(Registers registers, Port port, PoolControls pools, VlanTable vlans, RateLimiter rates,
            Runnable multicastChanged) {
        this.registers = registers;
        this.port = port;
        this.pools = pools;
        this.vlans = vlans;
        this.rates = rates;
        this.multicastChanged = multicastChanged;
    }

    /** Applies an assigned VF's settings. Whether frames flow is not changed by it. */
    public void apply(VfState vf) {
        int pool = vf.index();
        int portVlan = vf.settings().vlan();
        vlans.memberOf(vf.vlans(), pool);
        pools.tag(pool, portVlan == 0 ? 0 : portVlan | PoolControls.VMVIR_DEFAULT);
        pools.hideTag(pool, portVlan != 0);
        pools.antiSpoof(pool, vf.settings().spoofCheck(), vf.settings().spoofCheck() || portVlan != 0);
        pools.countSpoofed(pool, true);
        limit(pool, vf.settings().megabitsPerSecond());
        accept(vf);
        if (!vf.isClearToSend()) {
            pools.note(vf);
        }
    }

    /** Limits each queue of a pool; 0 = none. */
    void limit(int pool, int megabits) {
        for (int q = 0; q < port.queuesPerPool(); q++) {
            rates.limit(port.queue(pool, q), megabits);
        }
    }

    /**
     * Programs what the VF's pool accepts besides its address. Broadcast and multicast reach it only while it is
     * active: before and after, its VM receives them through the uplink.
     */
    public void accept(VfState vf) {
        int bits = vf.settings().vlan() == 0 ? PoolControls.AUPE : 0;
        if (vf.isActive()) {
            bits |= PoolControls.BAM;
            boolean multicast = !vf.settings().multicast().isEmpty() || !vf.requestedHashes().isEmpty();
            if (multicast && vf.xcast() >= VfState.XCAST_MULTI) {
                bits |= PoolControls.ROMPE;
            }
            if (vf.settings().allMulticast() && vf.xcast() >= VfState.XCAST_ALLMULTI) {
                bits |= PoolControls.MPE;
            }
        }
        pools.accept(vf, bits);
    }

    /** The multicast hashes that a VF wants have changed. */
    public void multicast(VfState vf) {
        multicastChanged.run();
        accept(vf);
    }

    /** Lets a pool receive and send. */
    void open(VfState vf) {
        receive(vf.index(), !vf.isReceiveHeld());
        pools.transmit(vf.index(), true);
    }

    /** Lets a pool receive, or not. */
    public void receive(int pool, boolean on) {
        pools.receive(pool, on);
    }

    /** Cuts a pool off and forgets everything about it; spoof check stays on. */
    void clear(int pool) {
        pools.transmit(pool, false);
        pools.receive(pool, false);
        pools.acceptNothing(pool);
        vlans.memberOf(Set.of(), pool);
        pools.tag(pool, 0);
        pools.hideTag(pool, false);
        pools.antiSpoof(pool, true, true);
        pools.countSpoofed(pool, false);
        limit(pool, 0);
        stopHeadWriteBack(pool);
    }

    /** The head write-back address survives every reset of the VF, so the PF zeroes it. 82599 §8, 82576 §12 */
    void stopHeadWriteBack(int pool) {
        for (int q = 0; q < port.queuesPerPool(); q++) {
            int base = port.tx(port.queue(pool, q));
            registers.write(base + QueueRegisters.TDWBAL, 0);
            registers.write(base + QueueRegisters.TDWBAH, 0);
        }
    }
}
