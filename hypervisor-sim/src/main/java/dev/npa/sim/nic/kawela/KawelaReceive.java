package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.AdvancedRxDescriptor;
import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.RegisterFile;
import dev.npa.sim.nic.intel.RxEngine;
import dev.npa.sim.nic.intel.RxQueue;

/** The 82576's receive registers and descriptor bits, 82576 §5.4, §7 and §8. */
final class KawelaReceive extends RxEngine {

    private static final int STANDARD = 1518;
    private static final int RCTL_LPE = 1 << 5;
    private static final int RCTL_SECRC = 1 << 26;
    private static final int CTRL_VME = 1 << 30;
    private static final int VMOLR_LPE = 1 << 16;
    private static final int STRVLAN = 1 << 30;
    private static final int STRCRC = 1 << 31;
    private static final int RLPML = 0x3FFF;
    private static final int IPOFLD = 1 << 8;
    private static final int TUOFLD = 1 << 9;
    private static final int PCSD = 1 << 13;
    /** Bits of a RETA entry that choose a pool's second queue: sources name the lowest and the weight of 8. */
    private static final int SECOND = 1 | 1 << 3;

    private static final long IXSM = 1 << 2;
    private static final long UDPCS = 1 << 4;
    private static final long TCPCS = 1 << 5;
    private static final long IPIDV = 1 << 9;
    private static final long TCPE = 1L << 29;
    private static final long IPE = 1L << 30;

    private final Core core;
    private final RegisterFile regs;
    private final Slots slots;
    private final SwitchTables tables;

    KawelaReceive(Core core, EmbeddedSwitch fabric, SwitchTables tables, Interrupts interrupts,
            Statistics statistics) {
        super(core, fabric, interrupts, statistics);
        this.core = core;
        this.regs = core.regs;
        this.slots = core.slots;
        this.tables = tables;
    }

    private static int limit(boolean large, int rlpml, FrameInfo f) {
        return large ? rlpml & RLPML : f.tagged ? STANDARD + TAG : STANDARD;
    }

    @Override
    protected int longest(FrameInfo f) {
        return limit((regs.get(slots.rctl) & RCTL_LPE) != 0, regs.get(slots.rlpml), f);
    }

    /** Each pool has its own limit, which protects its buffers. */
    @Override
    protected long admit(long pools, FrameInfo f, int octets) {
        if (!core.virtualised()) {
            return pools;
        }
        long taken = pools;
        for (long left = pools; left != 0; left &= left - 1) {
            int pool = Long.numberOfTrailingZeros(left);
            int vmolr = regs.get(slots.vmolr + pool);
            if (octets > limit((vmolr & VMOLR_LPE) != 0, vmolr, f)) {
                taken &= ~(1L << pool);
            }
        }
        return taken;
    }

    /** Looped frames are hashed like those of the wire. */
    @Override
    protected boolean hashes(boolean looped) {
        int mode = core.mode();
        return mode == 2 || mode == 5;
    }

    @Override
    protected int queueOf(int pool) {
        if (!core.virtualised()) {
            return rss.type == 0 ? 0 : rss.entry() & Core.QUEUES - 1;
        }
        boolean second = rss.type != 0 && (tables.spread >>> pool & 1) != 0 && (rss.entry() & SECOND) != 0;
        return core.queueOf(pool, second ? 1 : 0);
    }

    /** VMOLR of the queue's pool, or RPLOLR for a frame of the kind that is replicated. */
    private int offloads(RxQueue q, FrameInfo f) {
        return f.isGroup() && core.replicates() ? regs.get(slots.rplolr)
                : regs.get(slots.vmolr + core.poolOf(q.index));
    }

    @Override
    protected boolean strips(RxQueue q, FrameInfo f) {
        return core.virtualised() ? (offloads(q, f) & STRVLAN) != 0 : (regs.get(slots.ctrl) & CTRL_VME) != 0;
    }

    @Override
    protected boolean hidesTag(RxQueue q) {
        return false;
    }

    @Override
    protected boolean keepsFcs(RxQueue q, FrameInfo f) {
        return (regs.get(slots.rctl) & RCTL_SECRC) == 0 && !(core.virtualised() && (offloads(q, f) & STRCRC) != 0);
    }

    @Override
    protected long checkStatus(FrameInfo f) {
        int rxcsum = regs.get(slots.rxcsum);
        boolean ip = f.ipChecked && (rxcsum & IPOFLD) != 0;
        boolean l4 = f.l4Checked && (rxcsum & TUOFLD) != 0;
        long status = ip || l4 ? 0 : IXSM;
        if (ip) {
            status |= AdvancedRxDescriptor.IPCS | (f.ipBad ? IPE : 0);
        }
        if (l4) {
            status |= TCPCS | (f.headers.isUdp() ? UDPCS : 0) | (f.l4Bad ? TCPE : 0);
        }
        return status | ((rxcsum & PCSD) == 0 && f.headers.ipVersion() == 4 ? IPIDV : 0);
    }

    /** The IPv4 identification, of which IPIDV tells. */
    @Override
    protected int fragmentWord(FrameInfo f) {
        return f.headers.ipVersion() == 4 ? f.headers.word(f.headers.l3() + 4) : 0;
    }
}
