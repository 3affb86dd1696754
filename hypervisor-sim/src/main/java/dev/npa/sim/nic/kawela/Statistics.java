package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.Counters;
import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.RegisterFile;

/** Counters of the port and of each VF; a VF's have 32 bits and wrap, 82576 §2. */
final class Statistics implements Counters {

    private final Core core;
    private final RegisterFile regs;
    private final Slots s;

    Statistics(Core core) {
        this.core = core;
        this.regs = core.regs;
        this.s = core.slots;
    }

    private void add64(int low, int high, int value) {
        int before = regs.get(low);
        regs.add(low, value);
        if (Integer.compareUnsigned(before + value, before) < 0) {
            regs.add(high, 1);
        }
    }

    private static int sizeClass(int octets) {
        return octets <= 64 ? 0 : octets < 128 ? 1 : octets < 256 ? 2 : octets < 512 ? 3 : octets < 1024 ? 4 : 5;
    }

    @Override
    public void arrived(FrameInfo f, int octets) {
        regs.add(s.tpr, 1);
        add64(s.torl, s.torh, octets);
        regs.add(s.prc64 + sizeClass(octets), 1);
    }

    @Override
    public void received(FrameInfo f, int octets) {
        regs.add(s.gprc, 1);
        add64(s.gorcl, s.gorch, octets);
        if (f.isBroadcast()) {
            regs.add(s.bprc, 1);
        } else if (f.isGroup()) {
            regs.add(s.mprc, 1);
        }
    }

    @Override
    public void delivered(int queue, FrameInfo f, int octets, boolean looped) {
        int vf = core.functionOf(queue);
        if (vf < 0) {
            return;
        }
        regs.add(s.pvfgprc + vf, 1);
        regs.add(s.pvfgorc + vf, octets);
        if (f.isGroup() && !f.isBroadcast()) {
            regs.add(s.pvfmprc + vf, 1);
        }
        if (looped) {
            regs.add(s.pvfgprlbc + vf, 1);
            regs.add(s.pvfgorlbc + vf, octets);
        }
    }

    @Override
    public void queueDrop(int queue) {
        regs.add(s.rqdpc + queue, 1);
    }

    @Override
    public void sent(int queue, FrameInfo f, int octets, boolean wire, boolean local) {
        int vf = core.functionOf(queue);
        if (vf >= 0) {
            regs.add(s.pvfgptc + vf, 1);
            regs.add(s.pvfgotc + vf, octets);
            if (local) {
                regs.add(s.pvfgptlbc + vf, 1);
                regs.add(s.pvfgotlbc + vf, octets);
            }
        }
        if (wire) {
            regs.add(s.gptc, 1);
            regs.add(s.tpt, 1);
            add64(s.gotcl, s.gotch, octets);
            regs.add(s.ptc64 + sizeClass(octets), 1);
            if (f.isBroadcast()) {
                regs.add(s.bptc, 1);
            } else if (f.isGroup()) {
                regs.add(s.mptc, 1);
            }
        }
    }

    @Override
    public void tooLong() {
        regs.add(s.roc, 1);
    }

    /** Counts, and shows the queue in WVBR, 82576 §7. */
    @Override
    public void spoofed(int queue) {
        regs.add(s.ssvpc, 1);
        regs.or(s.wvbr, 1 << queue);
    }
}
