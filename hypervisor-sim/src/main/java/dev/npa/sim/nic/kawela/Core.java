package dev.npa.sim.nic.kawela;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.intel.IntelCore;
import dev.npa.sim.nic.intel.RegisterMap;
import dev.npa.sim.nic.intel.RxQueue;

/** The 82576's queue numbering, pools and switches of the data path. */
final class Core extends IntelCore {

    /** Absolute receive and transmit queues. */
    static final int QUEUES = 16;
    /** Pools, and so virtual functions, at most; a pool's second queue is this far from its first. */
    static final int POOLS = 8;

    private static final int LONGEST = 0x3F00; // 82576 §1
    private static final int DEFAULT_BUFFER = 2048;

    final Slots slots;

    Core(String name, Clock clock, Violations violations, Wire.End wire) {
        this(name, clock, violations, wire, RegisterMap.load(Core.class, "pf-registers.map", 128 * 1024));
    }

    private Core(String name, Clock clock, Violations violations, Wire.End wire, RegisterMap map) {
        this(name, clock, violations, wire, map, new Slots(map));
    }

    private Core(String name, Clock clock, Violations violations, Wire.End wire, RegisterMap map, Slots slots) {
        super("82576", name, clock, violations, wire, map, slots, QUEUES, POOLS);
        this.slots = slots;
    }

    /** MRQC mode, 82576 §7: 0 none, 2 RSS, 3 VMDq, 5 VMDq and RSS. */
    int mode() {
        return regs.get(slots.mrqc) & 7;
    }

    @Override
    public boolean virtualised() {
        return mode() == 3 || mode() == 5;
    }

    @Override
    public int poolOf(int queue) {
        return vfs() > 0 || virtualised() ? queue % POOLS : 0;
    }

    @Override
    public int functionOf(int queue) {
        int pool = queue % POOLS;
        return pool < vfs() ? pool : -1;
    }

    @Override
    public int queuesPerPool() {
        return QUEUES / POOLS;
    }

    @Override
    public int queueOf(int pool, int index) {
        return pool + POOLS * index; // 82576 §1
    }

    /** RCTL.EN. */
    @Override
    public boolean receiverOn() {
        return (regs.get(slots.rctl) & 1 << 1) != 0;
    }

    /** RXHOLD.HOLD, a register of this model. */
    @Override
    public boolean receiveHeld() {
        return (regs.get(slots.rxhold) & 1) != 0;
    }

    /** TCTL.EN. */
    @Override
    public boolean transmitterOn() {
        return (regs.get(slots.tctl) & 1 << 1) != 0;
    }

    @Override
    public boolean poolTransmits(int pool) {
        return bit(slots.vfte, pool);
    }

    @Override
    public int bufferBytes(int srrctl) {
        int kilobytes = srrctl & 0x7F; // 82576 §2; 0 falls back to RCTL's buffer size
        return kilobytes == 0 ? DEFAULT_BUFFER : kilobytes * 1024;
    }

    /** QDE of the queue or SRRCTL.DROP_EN. */
    @Override
    public boolean dropsWhenFull(RxQueue q) {
        return bit(slots.qde, q.index) || regs.get(slots.srrctl + q.index) < 0;
    }

    @Override
    public int maxTransmit() {
        return LONGEST - FCS;
    }

    /** Whether frames for several pools are replicated: VT_CTL.RPL_EN. */
    boolean replicates() {
        return (regs.get(slots.vtCtl) & 1 << 30) != 0;
    }
}
