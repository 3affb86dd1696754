package dev.npa.shell.runtime.switchover;

import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea;
import dev.npa.shell.runtime.control.PluginArea.Request;
import dev.npa.shell.runtime.control.Refusal;
import dev.npa.shell.runtime.core.CoreDevice;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.path.PluginMisbehaviour;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.shell.runtime.switchover.SwitchState.Event;

/**
 * Does what the states of {@link SwitchState} ask for. {@link #step} advances as far as is possible without waiting, at
 * most one state a call, so that traffic goes on in between.
 */
public final class SwitchoverMachine {

    private static final int FAILED = 2;
    static final int UNLOADED = 3;
    private static final int EMULATION = Carriers.EMULATION;
    /**
     * A plugin that is not at rest by then hangs. This and the next limit together stay below the time that a
     * hypervisor gives a request (5 s): the shell ends an attempt itself and says why.
     */
    private static final long QUIESCE_LIMIT = 2_000_000_000L;
    /** Transmits that are not completed by then block the switchover; transmit is held meanwhile. */
    private static final long DRAIN_LIMIT = 2_000_000_000L;
    /** ACTIVATE_VF: the hypervisor waits for the NIC; receive on and say it again. */
    static final int NOT_YET = 11;

    private final NicContext context;
    private final NicControl control;
    private final PluginArea area;
    private final CoreDevice device;
    private final Carriers carriers;
    private final FallBack fallBack;

    private SwitchState state = SwitchState.EMULATED;
    private int handled;
    private Request request;
    private long deadline;
    /** Whether the traffic was turned to where the request wants it. */
    private boolean turned;
    /** Whether the old path's queues are being found empty. */
    private boolean draining;

    /**
     * Makes the machine of one virtual NIC.
     *
     * @param nic the paravirtual NIC's PCI function
     * @param slots plugins that can be held at the same time
     */
    public SwitchoverMachine(NicContext context, NicControl control, PciDevice nic, PluginArea area, int slots) {
        this.context = context;
        this.control = control;
        this.area = area;
        this.device = context.device;
        this.carriers = new Carriers(context, control, nic, area, slots);
        this.fallBack = new FallBack(context, control, area, carriers);
    }

    /** Brings the emulation up and gives it the traffic. */
    public void start() {
        carriers.emulation.bringUp();
        carryBoth();
    }

    private void carryBoth() {
        carriers.transmitOn(EMULATION);
        carriers.receiveOn(EMULATION);
        device.hold(false);
    }

    public SwitchState state() {
        return state;
    }

    /** Slot whose plugin carries the data path; -1 = the emulation. */
    public int active() {
        return carriers.active;
    }

    /** The paravirtual NIC raised a vector of its queues. */
    public void queueInterrupt(int vector) {
        carriers.queueInterrupt(vector);
    }

    /**
     * Advances.
     *
     * @return 1 if something was done, else 0
     */
    public int step() {
        SwitchState before = state;
        PluginSlot failed = carriers.noticeInterruptFaults();
        if (failed != null && state.isUndoable()) {
            refuse(new Refusal(Refusal.DEVICE, "The plugin " + failed.name() + " threw " + failed.interruptFault()
                    + " while it served an interrupt."));
        }
        if (device.fault() != null && state != SwitchState.FALLING_BACK) {
            fault();
            return 1;
        }
        if (state.isSettled() || state.isUndoable()) {
            takeRequest();
        }
        if (before != state) {
            return 1;
        }
        try {
            return perform() ? 1 : 0;
        } catch (Refusal e) {
            refuse(e);
            return 1;
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!state.isUndoable()) {
                throw e;
            }
            refuse(new Refusal(Refusal.MODE_SWITCH, "The switchover failed in state " + state + ": " + e + "."));
            return 1;
        }
    }

    private boolean perform() throws Refusal {
        switch (state) {
            case LOADING -> slot().load(request, control);
            case VERIFYING -> {
                if (!slot().verify(request)) {
                    return false;
                }
            }
            case INSTALLING -> {
                if (!slot().install()) {
                    return false;
                }
            }
            case WARMING -> {
                if (!slot().warm(request)) {
                    return false;
                }
            }
            case BRINGING_UP -> {
                if (!slot().bringUp(request)) {
                    return true;
                }
                holdTransmit();
            }
            case REINITIALISING -> reinitialise();
            case DRAINING_TX -> {
                return drainTransmit();
            }
            case ACTIVATING -> {
                return activate();
            }
            case DRAINING_RX -> {
                return drainReceive();
            }
            case RETIRING -> {
                return retire();
            }
            case FALLING_BACK -> {
                return fallBack();
            }
            default -> {
                return false;
            }
        }
        go(Event.DONE);
        return true;
    }

    private PluginSlot slot() {
        return carriers.slots[request.slot()];
    }

    private void go(Event event) {
        state = state.next(event);
        area.activeSlot(carriers.active);
        area.state(state.areaState(request != null && request.action() == PluginArea.EMULATE));
    }

    // ---- requests

    private void takeRequest() {
        // One read a round instead of a flag set by DIC: a request is also seen if its interrupt was lost in a reset.
        int sequence = area.requestSequence();
        if (sequence == handled) {
            return;
        }
        if (!state.isSettled()) {
            refuse(new Refusal(Refusal.TIME_LIMIT, "Request " + request.sequence() + " was overtaken by request "
                    + sequence + " before the traffic was turned."));
        }
        request = area.request();
        handled = request.sequence();
        if (request.action() == PluginArea.PASSTHROUGH) {
            passthroughRequested();
        } else if (request.action() == PluginArea.EMULATE) {
            go(Event.EMULATION_REQUESTED);
            if (state == SwitchState.EMULATED) {
                answerDone();
            }
        } else {
            refuse(new Refusal(Refusal.NO_SUCH_REQUEST, "Request " + sequence + " has the unknown action "
                    + request.action() + "; 1 and 2 are known."));
        }
    }

    private void passthroughRequested() {
        int slot = request.slot();
        if (slot < 0 || slot >= carriers.slots.length || slot == carriers.active
                || !carriers.slots[slot].isFree()) {
            refuse(new Refusal(Refusal.NO_SUCH_REQUEST, "Request " + request.sequence() + " names plugin slot " + slot
                    + "; this shell has slots 0.." + (carriers.slots.length - 1) + ", and the slot must be free."));
            return;
        }
        go(Event.PASSTHROUGH_REQUESTED);
    }

    /** Undoes a switchover whose traffic was not turned yet; the data path stays where it was. */
    private void refuse(Refusal refusal) {
        Request refused = request;
        if (state.isUndoable()) {
            if (refused.action() == PluginArea.PASSTHROUGH) {
                carriers.slots[refused.slot()].clear(true);
            } else if (carriers.emulation.isUp()) {
                control.stopEmulation(refused.sequence());
                carriers.emulation.retire();
            }
            device.forgetEchoes();
            device.hold(false);
            go(carriers.active == EMULATION ? Event.EMULATION_CARRIES : Event.PLUGIN_CARRIES);
        }
        request = null;
        failRequest(refused, refusal);
    }

    private void failRequest(Request failed, Refusal refusal) {
        context.log.warn(refusal.getMessage());
        area.answer(failed.sequence(), refusal.result(), refusal.getMessage());
        control.loadPlugin(FAILED, failed.sequence());
    }

    private void answerDone() {
        area.answer(request.sequence(), Refusal.OK, "");
        request = null;
    }

    private int target() {
        return request.action() == PluginArea.EMULATE ? EMULATION : request.slot();
    }

    // ---- the way over

    private void reinitialise() throws Refusal {
        try {
            carriers.emulation.bringUp();
        } catch (RuntimeException e) {
            throw new Refusal(Refusal.DEVICE, "The emulation did not come up: " + e.getMessage() + ".");
        }
        holdTransmit();
    }

    private void holdTransmit() {
        device.hold(true);
        // Completions are what is waited for now.
        device.pollAll();
        deadline = now() + DRAIN_LIMIT;
    }

    private boolean drainTransmit() throws Refusal {
        if (device.outstanding() > 0) {
            if (now() <= deadline) {
                return false;
            }
            String late = device.outstanding() + " packets on the old data path were not sent within 2 s";
            if (target() == EMULATION) {
                // Refusing would leave the VM for ever with a plugin that hangs.
                device.faulted(carriers.sender(), new PluginMisbehaviour(late));
                return true;
            }
            throw new Refusal(Refusal.TIME_LIMIT, late + ", so that the traffic was not turned.");
        }
        if (request.has(Request.OTHER_PORT)) {
            device.expectEchoes();
        }
        go(Event.DONE);
        return true;
    }

    private boolean activate() throws Refusal {
        int result = control.activateVf(target(), request.sequence());
        if (result == NOT_YET && now() <= deadline) {
            return false;
        }
        if (result != 0) {
            throw new Refusal(Refusal.MODE_SWITCH, "The hypervisor did not turn the traffic: ACTIVATE_VF answered "
                    + result + ".");
        }
        turned = true;
        draining = false;
        carriers.transmitOn(target());
        device.hold(false);
        device.linkChanged();
        go(Event.DONE);
        return true;
    }

    private boolean drainReceive() {
        if (!draining) {
            // Acquire comes first: what the old path handed over before the word was written is seen by what follows.
            if (area.drained() != request.sequence()) {
                return false;
            }
            draining = true;
            device.beginDrain();
            return true;
        }
        if (!device.isDrained()) {
            device.pollAll();
            return false;
        }
        switchReceive();
        return true;
    }

    private void switchReceive() {
        carriers.receiveOn(target());
        deadline = now() + QUIESCE_LIMIT;
        go(Event.DONE);
    }

    private boolean retire() {
        int old = carriers.active;
        if (old == EMULATION) {
            int result = control.stopEmulation(request.sequence());
            if (result != 0) {
                context.log.warn("STOP_EMULATION answered " + result + "; the emulation is closed all the same");
            }
            carriers.emulation.retire();
        } else if (!retirePlugin(carriers.slots[old])) {
            return false;
        }
        carriers.active = target();
        turned = false;
        answerAfter(carriers.active == EMULATION ? Event.EMULATION_CARRIES : Event.PLUGIN_CARRIES);
        return true;
    }

    /** The state is in the area before the answer: who sees the answer sees the state. */
    private void answerAfter(Event event) {
        go(event);
        answerDone();
    }

    private boolean retirePlugin(PluginSlot old) {
        if (!old.isClosed() && !closePlugin(old) || !old.isEmptied()) {
            return false;
        }
        control.loadPlugin(UNLOADED, old.number());
        return true;
    }

    private boolean closePlugin(PluginSlot old) {
        boolean orderly = old.instance() != null;
        if (orderly) {
            try {
                if (!old.instance().quiesce()) {
                    if (now() <= deadline) {
                        device.serve(old.instance());
                        return false;
                    }
                    area.countFault();
                    context.log.warn(old.name() + " did not come to rest within 2 s and is stopped all the same");
                }
            } catch (Throwable t) {
                orderly = false;
                area.countFault();
                context.log.warn(old.name() + " failed while it came to rest: " + t);
            }
        }
        if (!orderly) {
            old.revoke();
        }
        old.close(orderly);
        return true;
    }

    // ---- faults

    /** A plugin on the data path threw, or its device reported a stopped queue. */
    private void fault() {
        if (state == SwitchState.DRAINING_RX && fallBack.isOldPathOnly()) {
            int old = carriers.active;
            fallBack.noteOldPath();
            switchReceive();
            if (old != EMULATION) {
                carriers.slots[old].revoke();
                carriers.slots[old].clear(false);
            }
            return;
        }
        fallBack.begin();
        go(Event.FAULT);
    }

    /** The emulated device reported a stopped queue: the emulation starts anew. */
    public void queueError() {
        PluginInstance current = carriers.emulation.instance();
        if (current != null && state != SwitchState.FALLING_BACK) {
            device.faulted(current, new IllegalStateException("the device stopped a queue"));
        }
    }

    private boolean fallBack() {
        boolean onVf = turned ? target() != EMULATION : carriers.active != EMULATION;
        switch (fallBack.proceed(onVf, DRAIN_LIMIT)) {
            case WAITING:
                return false;
            case TRIED:
                return true;
            default:
                break;
        }
        boolean failing = request != null && request.action() == PluginArea.PASSTHROUGH;
        fallBack.dropAll(failing ? request.slot() : EMULATION);
        turned = false;
        carriers.active = EMULATION;
        carryBoth();
        device.linkChanged();
        settleRequest();
        return true;
    }

    private void settleRequest() {
        Request pending = request;
        request = null;
        go(Event.EMULATION_CARRIES);
        if (pending != null && pending.action() == PluginArea.PASSTHROUGH) {
            failRequest(pending, new Refusal(Refusal.MODE_SWITCH, "A plugin failed on the data path during the "
                    + "switchover, and the emulation took over."));
        } else if (pending != null) {
            area.answer(pending.sequence(), Refusal.OK, "");
        }
    }

    private long now() {
        return context.machine.clock().nanos();
    }

    /** Gives everything up: the guest stops. */
    public void close() {
        carriers.none();
        for (PluginSlot slot : carriers.slots) {
            slot.clear(true);
        }
        carriers.emulation.retire();
    }
}
