package dev.npa.shell.runtime.switchover;

import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea;
import dev.npa.shell.runtime.instance.PluginInstance;

/** Deals with carriers that fail on the data path: the emulation takes over on the shell's own account. */
final class FallBack {

    /** Pause between attempts to bring the emulation up after a fault. */
    private static final long RETRY = 100_000_000L;

    private final NicContext context;
    private final NicControl control;
    private final PluginArea area;
    private final Carriers carriers;
    private long since;

    FallBack(NicContext context, NicControl control, PluginArea area, Carriers carriers) {
        this.context = context;
        this.control = control;
        this.area = area;
        this.carriers = carriers;
    }

    /** The carrier that failed. */
    private PluginInstance culprit() {
        PluginInstance faulty = carriers.device.faulty();
        return faulty != null && faulty == carriers.receiver() ? faulty : carriers.sender();
    }

    /** Whether only the old path failed, which hands over its last packets while the new one transmits already. */
    boolean isOldPathOnly() {
        PluginInstance culprit = culprit();
        return culprit == carriers.receiver() && culprit != carriers.sender();
    }

    private void count(PluginInstance culprit) {
        if (culprit == null || culprit.slot() != Carriers.EMULATION) {
            area.countFault();
        }
    }

    /** A plugin on the data path threw, or its device reported a stopped queue: nothing carries any more. */
    void begin() {
        PluginInstance culprit = culprit();
        count(culprit);
        String text = String.valueOf(carriers.device.fault());
        carriers.none();
        if (culprit != null && culprit.slot() == Carriers.EMULATION) {
            carriers.emulation.retire();
        }
        context.log.warn((culprit == null ? "the plugin" : culprit.name()) + " failed and is dropped: " + text);
        carriers.device.faultCleared();
        since = now();
    }

    /** The path that only drains failed; what it had not handed over is lost. The caller switches receive. */
    void noteOldPath() {
        PluginInstance culprit = culprit();
        count(culprit);
        context.log.warn(culprit.name() + " failed while it was drained and is dropped: " + carriers.device.fault());
        carriers.device.faultCleared();
    }

    /**
     * Goes on with bringing the traffic back; not done while the time for another attempt has not come.
     *
     * @param onVf whether the hypervisor has the traffic on a VF
     */
    Progress proceed(boolean onVf, long limit) {
        if (now() < since) {
            return Progress.WAITING;
        }
        for (PluginSlot slot : carriers.slots) {
            slot.revoke();
        }
        try {
            if (!carriers.emulation.isUp()) {
                carriers.emulation.bringUp();
            }
        } catch (RuntimeException e) {
            context.log.warn("the emulation did not come up and is tried again: " + e.getMessage());
            since = now() + RETRY;
            return Progress.TRIED;
        }
        if (onVf) {
            int result = control.activateVf(Carriers.EMULATION, 0);
            if (result == SwitchoverMachine.NOT_YET && now() - since <= limit) {
                return Progress.WAITING;
            }
            if (result != 0) {
                context.log.warn("ACTIVATE_VF to the emulation on the shell's own account answered " + result);
            }
        }
        return Progress.DONE;
    }

    /** How far {@link #proceed} came. */
    enum Progress {
        /** Nothing to do now. */
        WAITING,
        /** An attempt failed; there will be another. */
        TRIED,
        /** The traffic is on the emulation. */
        DONE
    }

    /**
     * Empties the slots.
     *
     * @param failing slot whose request is going to be answered with FAILED, which tells enough; -1 = none
     */
    void dropAll(int failing) {
        for (PluginSlot slot : carriers.slots) {
            if (!slot.isFree()) {
                slot.clear(false);
                if (slot.number() != failing) {
                    control.loadPlugin(SwitchoverMachine.UNLOADED, slot.number());
                }
            }
        }
    }

    private long now() {
        return context.machine.clock().nanos();
    }
}
