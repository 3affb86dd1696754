package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.Fabric;
import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.RegisterFile;

/** Where a frame goes, 82576 §8. The length of a frame is looked at where it is put into rings. */
final class EmbeddedSwitch extends Fabric {

    private static final int UPE = 1 << 3;
    private static final int MPE = 1 << 4;
    private static final int BAM = 1 << 15;
    private static final int VFE = 1 << 18;
    private static final int IGNORE_MAC = 1 << 28;
    private static final int DIS_DEF_POOL = 1 << 29;
    private static final int ALL = 0xFF;

    private final Core core;
    private final RegisterFile regs;
    private final Slots slots;
    private final SwitchTables tables;

    EmbeddedSwitch(Core core, SwitchTables tables) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.slots;
        this.tables = tables;
    }

    @Override
    public void refresh() {
        tables.refresh();
    }

    @Override
    public long fromWire(FrameInfo f) {
        if (refusesVlan(f)) {
            return 0;
        }
        if (!core.virtualised()) {
            return passesPortFilter(f) ? 1 : 0;
        }
        long pools = byVlan(byAddress(f), f);
        if (pools == 0 && !f.isGroup() && (vtCtl() & DIS_DEF_POOL) == 0) {
            pools = 1L << defaultPool();
        }
        pools = replicate(pools & vfre(), f);
        return mirror(pools, f, 0, true) & vfre();
    }

    @Override
    public void fromPool(FrameInfo f, int pool) {
        localPools = 0;
        toWire = true;
        int dtxswc = regs.get(slots.dtxswc);
        if (!core.virtualised() || dtxswc >= 0 || !core.linkUp() || !core.receiverOn()) { // bit 31: loopback
            return;
        }
        long pools = refusesVlan(f) ? 0 : byVlan(byAddress(f), f);
        if ((dtxswc >>> 16 + pool & 1) == 0) { // LLE
            pools &= ~(1L << pool);
        }
        boolean exactUnicast = !f.isGroup() && tables.exact(f.destination) != 0;
        toWire = pools == 0 || !exactUnicast;
        localPools = replicate(pools & vfre(), f);
        localPools = mirror(localPools, f, 1L << pool, toWire) & vfre();
    }

    /** Anti-spoof of a sending pool; untagged frames pass the VLAN check. */
    @Override
    public boolean maySend(FrameInfo f, int pool) {
        int spoof = regs.get(slots.dtxswc) >>> pool;
        long bit = 1L << pool;
        boolean address = (spoof & 1) == 0 || (tables.exact(f.source) & bit) != 0;
        boolean vlan = (spoof & 1 << 8) == 0 || !f.tagged || (tables.vlan(f.tci & 0xFFF) & bit) != 0;
        return address && vlan;
    }

    private int vtCtl() {
        return regs.get(slots.vtCtl);
    }

    private int vfre() {
        return regs.get(slots.vfre) & ALL;
    }

    private boolean filtersVlans() {
        return (regs.get(slots.rctl) & VFE) != 0;
    }

    /** The port's VLAN filter, which comes before all pools'. */
    private boolean refusesVlan(FrameInfo f) {
        return f.tagged && filtersVlans() && !tables.vftaHas(f.tci & 0xFFF);
    }

    private long byAddress(FrameInfo f) {
        if ((vtCtl() & IGNORE_MAC) != 0) {
            return ALL;
        }
        long pools = tables.exact(f.destination);
        if (f.isBroadcast()) {
            return pools | tables.broadcast;
        }
        if (!f.isGroup()) {
            return pools == 0 && tables.hashUnicast != 0 && tables.hashHit(slots.uta, f.destination)
                    ? tables.hashUnicast : pools;
        }
        if (pools == 0 && tables.hashHit(slots.mta, f.destination)) {
            pools = tables.hashMulticast;
        }
        return pools | tables.allMulticast;
    }

    private long byVlan(long pools, FrameInfo f) {
        if (!filtersVlans()) {
            return pools;
        }
        return pools & (f.tagged ? tables.vlan(f.tci & 0xFFF) : tables.acceptUntagged);
    }

    private boolean passesPortFilter(FrameInfo f) {
        int rctl = regs.get(slots.rctl);
        if (f.isBroadcast()) {
            return (rctl & BAM) != 0;
        }
        if (tables.isFiltered(f.destination)) {
            return true;
        }
        return f.isGroup() ? (rctl & MPE) != 0 || tables.hashHit(slots.mta, f.destination)
                : (rctl & UPE) != 0 || tables.hashHit(slots.uta, f.destination);
    }

    private int defaultPool() {
        return vtCtl() >>> 7 & 7;
    }

    private long replicate(long pools, FrameInfo f) {
        if (core.replicates() || Long.bitCount(pools) < 2) {
            return pools;
        }
        return f.isGroup() ? pools & 1L << defaultPool() : Long.lowestOneBit(pools);
    }

    /** Adds the destination pools of mirror rules. {@code uplink}: the frame came from or goes to the wire. */
    private long mirror(long pools, FrameInfo f, long sender, boolean uplink) {
        long result = pools;
        for (int i = 0; i < 4; i++) {
            int rule = regs.get(slots.vmrctl + i);
            if ((rule & 0xF) == 0) {
                continue;
            }
            boolean hit = (rule & 1) != 0 && ((pools | sender) & regs.get(slots.vmrvm + i) & ALL) != 0
                    || (rule & 2) != 0 && uplink && sender == 0
                    || (rule & 4) != 0 && uplink && sender != 0
                    || (rule & 8) != 0 && f.tagged && mirrorsVlan(i, f.tci & 0xFFF);
            if (hit) {
                result |= 1L << (rule >>> 8 & 7);
            }
        }
        return result;
    }

    private boolean mirrorsVlan(int rule, int vid) {
        for (int entries = regs.get(slots.vmrvlan + rule); entries != 0; entries &= entries - 1) {
            int vlvf = regs.get(slots.vlvf + Integer.numberOfTrailingZeros(entries));
            if (vlvf < 0 && (vlvf & 0xFFF) == vid) {
                return true;
            }
        }
        return false;
    }
}
