package dev.npa.shell.runtime.switchover;

import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea;
import dev.npa.shell.runtime.control.PluginArea.Request;
import dev.npa.shell.runtime.control.Refusal;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.shell.runtime.stack.DataPath;
import dev.npa.shell.runtime.stack.GuestStack;
import dev.npa.shell.runtime.stack.PluginMisbehaviour;
import dev.npa.shell.runtime.switchover.SwitchState.Event;

/**
 * Does what the states of {@link SwitchState} ask for. {@link #step} advances as far as is possible without waiting, at
 * most one state a call, so that traffic goes on in between.
 */
public final class SwitchoverMachine {

    private static final int FAILED = 2;
    private static final int UNLOADED = 3;
    private static final int EMULATION = -1;
    /**
     * A plugin that is not at rest by then hangs. This and the next limit together stay below the time that a
     * hypervisor gives a request (5 s): the shell ends an attempt itself and says why.
     */
    private static final long QUIESCE_LIMIT = 2_000_000_000L;
    /** Transmits that are not completed by then block the switchover; transmit is held meanwhile. */
    private static final long DRAIN_LIMIT = 2_000_000_000L;
    /** ACTIVATE_VF: the hypervisor waits for the NIC; receive on and say it again. */
    static final int NOT_YET = 11;
    /** Pause between attempts to bring the emulation up after a fault. */
    private static final long RETRY = 100_000_000L;

    private final NicContext context;
    private final NicControl control;
    private final PluginArea area;
    private final GuestStack stack;
    private final Emulation emulation;
    private final PluginSlot[] slots;

    private SwitchState state = SwitchState.EMULATED;
    private int active = EMULATION;
    private int handled;
    private Request request;
    private long deadline;
    /** Whether the traffic was turned to where the request wants it. */
    private boolean turned;
    private PluginInstance receiver;
    private PluginInstance sender;

    /**
     * Makes the machine of one virtual NIC.
     *
     * @param device the paravirtual NIC's PCI function
     * @param slots plugins that can be held at the same time
     */
    public SwitchoverMachine(NicContext context, NicControl control, PciDevice device, PluginArea area,
            GuestStack stack, int slots) {
        this.context = context;
        this.control = control;
        this.area = area;
        this.stack = stack;
        this.emulation = new Emulation(context, control, device);
        this.slots = new PluginSlot[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new PluginSlot(context, area, i);
        }
    }

    /** Brings the emulation up and gives it the traffic. */
    public void start() {
        emulation.bringUp();
        carryTransmit(EMULATION);
        carryReceive(EMULATION);
        stack.hold(false);
    }

    public SwitchState state() {
        return state;
    }

    /** Slot whose plugin carries the data path; -1 = the emulation. */
    public int active() {
        return active;
    }

    /** The paravirtual NIC raised a vector of its queues. */
    public void queueInterrupt(int vector) {
        PluginInstance current = emulation.instance();
        if (current != null) {
            try {
                current.onInterrupt(vector);
            } catch (Throwable t) {
                stack.faulted(current.path(), t);
            }
        }
    }

    /**
     * Advances.
     *
     * @return 1 if something was done, else 0
     */
    public int step() {
        SwitchState before = state;
        noticeInterruptFaults();
        if (stack.fault() != null && state != SwitchState.FALLING_BACK) {
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
            case LOADING -> slots[request.slot()].load(request, control);
            case VERIFYING -> slots[request.slot()].verify(request);
            case INSTALLING -> slots[request.slot()].install();
            case BRINGING_UP -> {
                slots[request.slot()].bringUp(request);
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

    private void go(Event event) {
        state = state.next(event);
        area.activeSlot(active);
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
        if (slot < 0 || slot >= slots.length || slot == active || !slots[slot].isFree()) {
            refuse(new Refusal(Refusal.NO_SUCH_REQUEST, "Request " + request.sequence() + " names plugin slot " + slot
                    + "; this shell has slots 0.." + (slots.length - 1) + ", and the slot must be free."));
            return;
        }
        go(Event.PASSTHROUGH_REQUESTED);
    }

    /** Undoes a switchover whose traffic was not turned yet; the data path stays where it was. */
    private void refuse(Refusal refusal) {
        Request refused = request;
        if (state.isUndoable()) {
            if (refused.action() == PluginArea.PASSTHROUGH) {
                slots[refused.slot()].clear(true);
            } else if (emulation.isUp()) {
                control.stopEmulation(refused.sequence());
                emulation.retire();
            }
            stack.hold(false);
            go(active == EMULATION ? Event.EMULATION_CARRIES : Event.PLUGIN_CARRIES);
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
            emulation.bringUp();
        } catch (RuntimeException e) {
            throw new Refusal(Refusal.DEVICE, "The emulation did not come up: " + e.getMessage() + ".");
        }
        holdTransmit();
    }

    private void holdTransmit() {
        stack.hold(true);
        deadline = now() + DRAIN_LIMIT;
    }

    private boolean drainTransmit() throws Refusal {
        if (stack.outstanding() > 0) {
            if (now() <= deadline) {
                return false;
            }
            String late = stack.outstanding() + " packets on the old data path were not sent within 2 s";
            if (target() == EMULATION) {
                // Refusing would leave the VM for ever with a plugin that hangs.
                stack.faulted(sender.path(), new PluginMisbehaviour(late));
                return true;
            }
            throw new Refusal(Refusal.TIME_LIMIT, late + ", so that the traffic was not turned.");
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
        carryTransmit(target());
        stack.hold(false);
        go(Event.DONE);
        return true;
    }

    private boolean drainReceive() {
        // Acquire comes first: what the old path handed over before the word was written is seen by the receive below.
        if (area.drained() != request.sequence()) {
            return false;
        }
        int received = stack.receive(PluginInstance.BURST);
        if (received != 0) {
            return received > 0;
        }
        switchReceive();
        return true;
    }

    private void switchReceive() {
        carryReceive(target());
        deadline = now() + QUIESCE_LIMIT;
        go(Event.DONE);
    }

    private boolean retire() {
        int old = active;
        if (old == EMULATION) {
            int result = control.stopEmulation(request.sequence());
            if (result != 0) {
                context.log.warn("STOP_EMULATION answered " + result + "; the emulation is closed all the same");
            }
            emulation.retire();
        } else if (!retirePlugin(slots[old])) {
            return false;
        }
        active = target();
        turned = false;
        answerAfter(active == EMULATION ? Event.EMULATION_CARRIES : Event.PLUGIN_CARRIES);
        return true;
    }

    /** The state is in the area before the answer: who sees the answer sees the state. */
    private void answerAfter(Event event) {
        go(event);
        answerDone();
    }

    private boolean retirePlugin(PluginSlot old) {
        boolean orderly = old.instance() != null;
        if (orderly) {
            try {
                if (!old.instance().quiesce()) {
                    if (now() <= deadline) {
                        stack.serve(old.instance().path(), PluginInstance.BURST);
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
        old.clear(orderly);
        control.loadPlugin(UNLOADED, old.number());
        return true;
    }

    private void carryTransmit(int slot) {
        sender = carrier(slot);
        stack.transmitOn(sender.path(), sender.minFrame(), context.mtu);
    }

    private void carryReceive(int slot) {
        receiver = carrier(slot);
        stack.receiveOn(receiver.path());
    }

    private PluginInstance carrier(int slot) {
        return slot == EMULATION ? emulation.instance() : slots[slot].instance();
    }

    // ---- faults

    /** A plugin threw while it served an interrupt. */
    private void noticeInterruptFaults() {
        for (PluginSlot slot : slots) {
            Throwable thrown = slot.interruptFault();
            PluginInstance instance = slot.instance();
            if (thrown == null || instance == null) {
                continue;
            }
            if (instance == sender || instance == receiver) {
                stack.faulted(instance.path(), thrown);
                slot.interruptFaultSeen();
            } else if (state.isUndoable()) {
                refuse(new Refusal(Refusal.DEVICE, "The plugin " + slot.name() + " threw " + thrown
                        + " while it served an interrupt."));
            }
        }
    }

    /** Unmasks the interrupts of the receiving plugin after a round that found nothing. */
    public void idle() {
        PluginInstance current = receiver;
        if (current != null && stack.fault() == null) {
            try {
                current.idle();
            } catch (Throwable t) {
                stack.faulted(current.path(), t);
            }
        }
    }

    /** A plugin on the data path threw, or its device reported a stopped queue. */
    private void fault() {
        DataPath path = stack.faultyPath();
        PluginInstance culprit = receiver != null && receiver.path() == path ? receiver : sender;
        String text = String.valueOf(stack.fault());
        if (culprit == null || culprit.slot() != EMULATION) {
            area.countFault();
        }
        boolean oldOnly = state == SwitchState.DRAINING_RX && culprit == receiver && culprit != sender;
        if (oldOnly) {
            dropOld(text);
            return;
        }
        stack.hold(true);
        stack.transmitOn(null, 0, context.mtu);
        stack.receiveOn(null);
        if (culprit != null && culprit.slot() == EMULATION) {
            emulation.retire();
        }
        context.log.warn((culprit == null ? "the plugin" : culprit.name()) + " failed and is dropped: " + text);
        stack.faultCleared();
        deadline = now();
        go(Event.FAULT);
    }

    /** The path that only drains failed: what it had not handed over is lost, the new one goes on. */
    private void dropOld(String text) {
        context.log.warn(receiver.name() + " failed while it was drained and is dropped: " + text);
        int old = active;
        stack.faultCleared();
        switchReceive();
        if (old != EMULATION) {
            slots[old].revoke();
            slots[old].clear(false);
        }
    }

    /** The emulated device reported a stopped queue: the emulation starts anew. */
    public void queueError() {
        PluginInstance current = emulation.instance();
        if (current != null && state != SwitchState.FALLING_BACK) {
            stack.faulted(current.path(), new IllegalStateException("the device stopped a queue"));
        }
    }

    private boolean fallBack() {
        if (now() < deadline) {
            return false;
        }
        for (PluginSlot slot : slots) {
            slot.revoke();
        }
        sender = null;
        receiver = null;
        try {
            if (!emulation.isUp()) {
                emulation.bringUp();
            }
        } catch (RuntimeException e) {
            context.log.warn("the emulation did not come up and is tried again: " + e.getMessage());
            deadline = now() + RETRY;
            return true;
        }
        boolean onVf = turned ? target() != EMULATION : active != EMULATION;
        if (onVf) {
            int result = control.activateVf(EMULATION, 0);
            if (result == NOT_YET && now() - deadline <= DRAIN_LIMIT) {
                return false;
            }
            if (result != 0) {
                context.log.warn("ACTIVATE_VF to the emulation on the shell's own account answered " + result);
            }
        }
        dropAll();
        turned = false;
        active = EMULATION;
        carryTransmit(EMULATION);
        carryReceive(EMULATION);
        stack.hold(false);
        settleRequest();
        return true;
    }

    private void dropAll() {
        boolean failing = request != null && request.action() == PluginArea.PASSTHROUGH;
        for (PluginSlot slot : slots) {
            if (!slot.isFree()) {
                slot.clear(false);
                if (!failing || slot.number() != request.slot()) {
                    control.loadPlugin(UNLOADED, slot.number());
                }
            }
        }
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
        stack.hold(true);
        stack.transmitOn(null, 0, context.mtu);
        stack.receiveOn(null);
        receiver = null;
        sender = null;
        for (PluginSlot slot : slots) {
            slot.clear(true);
        }
        emulation.retire();
    }
}
