package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.Fabric;
import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.RegisterFile;

/**
 * Where a frame goes, 82599 §11: the filter steps for frames from the wire and for frames that a pool sends. Decides
 * only; nothing is moved here. Used under the device's lock.
 */
final class EmbeddedSwitch extends Fabric {

    private static final int VFE = 1 << 30;
    private static final int MFE = 1 << 2;
    private static final int DIS_DEF_POOL = 1 << 29;
    private static final int RPL_EN = 1 << 30;
    private static final int MIRRORS = 4;
    private static final int ETYPES = 8;

    private final Core core;
    private final RegisterFile regs;
    private final Slots slots;
    private final SwitchTables tables;
    /** What registers say, for one turn of the device. */
    private boolean virtualised;
    private boolean filtersVlans;
    private boolean loopback;
    private boolean replicating;
    private boolean mirroring;
    private boolean overriding;
    private long pruning;
    private long receiving;

    EmbeddedSwitch(Core core, SwitchTables tables) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.slots;
        this.tables = tables;
    }

    @Override
    public void refresh() {
        tables.refresh();
        virtualised = core.virtualised();
        filtersVlans = (regs.get(slots.vlnctrl) & VFE) != 0;
        loopback = virtualised && (regs.get(slots.pfdtxgswc) & 1) != 0 && core.linkUp() && core.receiverOn(); // LBE
        pruning = core.pools(slots.pfflp);
        receiving = core.pools(slots.pfvfre);
        replicating = (regs.get(slots.vtCtl) & RPL_EN) != 0;
        mirroring = false;
        for (int i = 0; i < MIRRORS; i++) {
            mirroring |= (regs.get(slots.mrctl + i) & 0xF) != 0;
        }
        overriding = false;
        for (int i = 0; i < ETYPES; i++) {
            overriding |= regs.get(slots.etqf + i) < 0;
        }
    }

    @Override
    public long fromWire(FrameInfo f) {
        if (filtersVlans && f.tagged && !tables.vftaHas(f.tci & 0xFFF)) {
            return 0;
        }
        if (!virtualised) {
            return passesPortFilter(f) ? 1 : 0;
        }
        long pools = byVlan(byAddress(f), f);
        if (pools == 0 && (regs.get(slots.vtCtl) & DIS_DEF_POOL) == 0) {
            pools = 1L << defaultPool();
        }
        pools = etherTypeFilter(f, pools);
        pools = replicate(prune(pools, f) & receiving, f);
        return mirror(pools, f, 0, true) & receiving;
    }

    @Override
    public void fromPool(FrameInfo f, int pool) {
        localPools = 0;
        toWire = true;
        if (loopback) {
            long pools = byVlan(byAddress(f), f);
            if (!core.bit(slots.pfvmtxsw, pool)) {
                pools &= ~(1L << pool);
            }
            toWire = pools == 0 || f.isGroup() || tables.exact(f.destination) == 0;
            localPools = replicate(prune(pools, f) & receiving, f);
            localPools = mirror(localPools, f, 1L << pool, toWire) & receiving;
        }
    }

    /** Source pruning, PFFLP. */
    private long prune(long pools, FrameInfo f) {
        return (pools & pruning) == 0 ? pools : pools & ~(pruning & tables.exact(f.source));
    }

    /** Anti-spoof of a sending pool: address first, VLAN only with it; untagged frames pass the VLAN check. */
    @Override
    public boolean maySend(FrameInfo f, int pool) {
        int spoof = regs.get(slots.pfvfspoof + (pool >> 3)) >>> (pool & 7);
        if ((spoof & 1) == 0) {
            return true;
        }
        long bit = 1L << pool;
        return (tables.exact(f.source) & bit) != 0
                && ((spoof & 1 << 8) == 0 || !f.tagged || (tables.vlan(f.tci & 0xFFF) & bit) != 0);
    }

    /** Whether transmit descriptors of this pool need CC and a valid MACLEN. */
    boolean looksInside(int pool) {
        return core.virtualised() && ((regs.get(slots.pfdtxgswc) & 1) != 0
                || (regs.get(slots.pfvfspoof + (pool >> 3)) >>> (pool & 7) & 1) != 0);
    }

    private long byAddress(FrameInfo f) {
        long pools = tables.exact(f.destination);
        if (f.isBroadcast()) {
            return pools | tables.broadcast;
        }
        if (!f.isGroup()) {
            return pools == 0 && tables.hashUnicast != 0 && tables.hashHit(slots.uta, f.destination)
                    ? tables.hashUnicast : pools;
        }
        if ((regs.get(slots.mcstctrl) & MFE) != 0 && tables.hashHit(slots.mta, f.destination)) {
            pools |= tables.hashMulticast;
        }
        return pools | tables.allMulticast;
    }

    private long byVlan(long pools, FrameInfo f) {
        if (!filtersVlans) {
            return pools;
        }
        return pools & (f.tagged ? tables.vlan(f.tci & 0xFFF) : tables.acceptUntagged);
    }

    private boolean passesPortFilter(FrameInfo f) {
        int fctrl = regs.get(slots.fctrl);
        if (f.isBroadcast()) {
            return (fctrl & 1 << 10) != 0;
        }
        if (f.isGroup()) {
            return (fctrl & 1 << 8) != 0 || tables.exact(f.destination) != 0
                    || (regs.get(slots.mcstctrl) & MFE) != 0 && tables.hashHit(slots.mta, f.destination);
        }
        return (fctrl & 1 << 9) != 0 || tables.exact(f.destination) != 0 || tables.hashHit(slots.uta, f.destination);
    }

    private int defaultPool() {
        return regs.get(slots.vtCtl) >>> 7 & 0x3F;
    }

    /** ETQF: an enabled entry for the frame's type with a pool overrides all other choices. */
    private long etherTypeFilter(FrameInfo f, long pools) {
        for (int i = 0; overriding && i < ETYPES; i++) {
            int etqf = regs.get(slots.etqf + i);
            if (etqf < 0 && (etqf & 1 << 26) != 0 && (etqf & 0xFFFF) == f.etherType) {
                return 1L << (etqf >>> 20 & 0x3F);
            }
        }
        return pools;
    }

    private long replicate(long pools, FrameInfo f) {
        if (replicating || Long.bitCount(pools) < 2) {
            return pools;
        }
        return f.isGroup() ? pools & 1L << defaultPool() : Long.lowestOneBit(pools);
    }

    /** Adds the destination pools of mirror rules. {@code uplink}: the frame came from or goes to the wire. */
    private long mirror(long pools, FrameInfo f, long sender, boolean uplink) {
        if (!mirroring) {
            return pools;
        }
        long result = pools;
        for (int i = 0; i < MIRRORS; i++) {
            int rule = regs.get(slots.mrctl + i);
            if ((rule & 0xF) == 0) {
                continue;
            }
            long watched = half(slots.vmrvm, i);
            boolean hit = (rule & 1) != 0 && ((pools | sender) & watched) != 0
                    || (rule & 2) != 0 && uplink && sender == 0
                    || (rule & 4) != 0 && uplink && sender != 0
                    || (rule & 8) != 0 && f.tagged && mirrorsVlan(i, f.tci & 0xFFF);
            if (hit) {
                result |= 1L << (rule >>> 8 & 0x3F);
            }
        }
        return result;
    }

    private boolean mirrorsVlan(int rule, int vid) {
        long entries = half(slots.vmrvlan, rule);
        for (; entries != 0; entries &= entries - 1) {
            int vlvf = regs.get(slots.vlvf + Long.numberOfTrailingZeros(entries));
            if (vlvf < 0 && (vlvf & 0xFFF) == vid) {
                return true;
            }
        }
        return false;
    }

    /** 64 bits whose halves stand in elements n and n + 4. */
    private long half(int base, int n) {
        return Integer.toUnsignedLong(regs.get(base + n)) | (long) regs.get(base + n + 4) << 32;
    }
}
