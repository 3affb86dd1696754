package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.Counters;
import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.RegisterFile;

/** Counters of the port and of each VF. Octets include the FCS, 82599 §2. Used under the device's lock. */
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

    /** The upper word of a VF's counters of octets has 4 bits. */
    private void add36(int low, int high, int value) {
        int before = regs.get(low);
        regs.add(low, value);
        if (Integer.compareUnsigned(before + value, before) < 0) {
            regs.set(high, regs.get(high) + 1 & 0xF);
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
        regs.add(s.qprc + mapped(s.rqsmr, queue), 1);
        int vf = core.functionOf(queue);
        if (vf >= 0) {
            regs.add(s.pvfgprc + vf, 1);
            add36(s.pvfgorcLsb + vf, s.pvfgorcMsb + vf, octets);
            if (f.isGroup() && !f.isBroadcast()) {
                regs.add(s.pvfmprc + vf, 1);
            }
        }
    }

    @Override
    public void queueDrop(int queue) {
        regs.add(s.qprdc + mapped(s.rqsmr, queue), 1);
    }

    @Override
    public void sent(int queue, FrameInfo f, int octets, boolean wire, boolean local) {
        regs.add(s.qptc + mapped(s.tqsm, queue), 1);
        int vf = core.functionOf(queue);
        if (vf >= 0) {
            regs.add(s.pvfgptc + vf, 1);
            add36(s.pvfgotcLsb + vf, s.pvfgotcMsb + vf, octets);
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

    @Override
    public void spoofed(int queue) {
        if (core.bit(s.vmecm, core.poolOf(queue))) {
            regs.add(s.ssvpc, 1);
        }
    }

    private int mapped(int base, int queue) {
        return regs.get(base + (queue >> 2)) >>> 8 * (queue & 3) & 0xF;
    }
}
