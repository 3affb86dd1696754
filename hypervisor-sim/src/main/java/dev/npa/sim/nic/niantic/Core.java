package dev.npa.sim.nic.niantic;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.intel.IntelCore;
import dev.npa.sim.nic.intel.RegisterMap;
import dev.npa.sim.nic.intel.RxQueue;

/** The 82599's queue numbering, pools and switches of the data path. */
final class Core extends IntelCore {

    /** Absolute receive and transmit queues. */
    static final int QUEUES = 128;
    /** Pools, and so virtual functions, at most. */
    static final int POOLS = 64;

    /** A digit a mode, mode 0 lowest. */
    private static final int SHIFTS = 0x1231;
    private static final int DROP_EN = 1 << 28;
    private static final int LONGEST = 15_872; // 15.5 KiB, 82599 §1

    final Slots slots;

    Core(String name, Clock clock, Violations violations, Wire.End wire) {
        this(name, clock, violations, wire, RegisterMap.load(Core.class, "pf-registers.map", 128 * 1024));
    }

    private Core(String name, Clock clock, Violations violations, Wire.End wire, RegisterMap map) {
        this(name, clock, violations, wire, map, new Slots(map));
    }

    private Core(String name, Clock clock, Violations violations, Wire.End wire, RegisterMap map, Slots slots) {
        super("82599", name, clock, violations, wire, map, slots, QUEUES, POOLS);
        this.slots = slots;
    }

    /** Whether the device is in a virtualisation mode: VT_CTL.VT_ENA. */
    @Override
    public boolean virtualised() {
        return (regs.get(slots.vtCtl) & 1) != 0; // 82599 §10
    }

    /** log2 of the queues a pool has, from GCR_EXT.VT_MODE; 2 queues when the PF driver has not chosen. */
    int poolShift() {
        return SHIFTS >>> 4 * (regs.get(slots.gcrExt) & 3) & 0xF; // 82599 §3
    }

    @Override
    public int poolOf(int queue) {
        return vfs() > 0 || virtualised() ? queue >> poolShift() : 0;
    }

    @Override
    public int functionOf(int queue) {
        int pool = queue >> poolShift();
        return pool < vfs() ? pool : -1;
    }

    @Override
    public int queuesPerPool() {
        return 1 << poolShift();
    }

    @Override
    public int queueOf(int pool, int index) {
        return (pool << poolShift()) + index;
    }

    /** Two words as 64 bits, one a pool. */
    long pools(int slot) {
        return Integer.toUnsignedLong(regs.get(slot)) | (long) regs.get(slot + 1) << 32;
    }

    /** Whether the receiver is on: RXCTRL.RXEN. */
    @Override
    public boolean receiverOn() {
        return (regs.get(slots.rxCtrl) & 1) != 0;
    }

    /** Whether SECRXCTRL.RX_DIS holds all frames inside the device. */
    @Override
    public boolean receiveHeld() {
        return (regs.get(slots.secRxCtrl) & 2) != 0;
    }

    /** DMATXCTL.TE. */
    @Override
    public boolean transmitterOn() {
        return (regs.get(slots.dmatxctl) & 1) != 0;
    }

    @Override
    public boolean poolTransmits(int pool) {
        return bit(slots.pfvfte, pool);
    }

    @Override
    public int bufferBytes(int srrctl) {
        return (srrctl & 0x1F) * 1024; // 82599 §6.6
    }

    @Override
    public boolean dropsWhenFull(RxQueue q) {
        return q.queueDrop || (regs.get(slots.srrctl + q.index) & DROP_EN) != 0;
    }

    @Override
    public int maxTransmit() {
        return LONGEST - FCS;
    }
}
