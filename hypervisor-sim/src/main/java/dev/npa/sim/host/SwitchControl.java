package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.hw.PciIdentity;
import dev.npa.sim.host.VmStateMachine.Event;
import dev.npa.sim.image.ImageRepository;
import dev.npa.sim.image.StoredImage;
import dev.npa.sim.machine.IommuDomain;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hypervisor's side of a VM's switchovers: requests, VFs, their progress and end (docs/switch-protocol.md). What
 * the guest says by commands comes from {@link PassthroughController}.
 *
 * <p>All methods are called under the NIC's lock unless they say otherwise.
 */
final class SwitchControl {

    /** Machine time that a guest has for a request. */
    static final long DEFAULT_LIMIT_NANOS = 5_000_000_000L;
    /** Device implementation change, bit 3 of the vmxnet3 event word. */
    static final int ECR_DIC = 1 << 3;
    /** Carrier of a VM in emulated mode. */
    static final String EMULATED = "emulated";

    private static final Logger LOG = LoggerFactory.getLogger(SwitchControl.class);
    private static final int SLOTS = 2;

    private final String vm;
    private final HostNic nic;
    private final GuestSide guest;
    private final IommuDomain domain;
    private final DataPathCut cut;
    private final GatedPort port;
    private final ImageRepository images;
    private final VmSettings settings;
    private final VmStateMachine life;
    private final Clock clock;
    private final long limitNanos;
    private final VfLease[] leases = new VfLease[SLOTS];
    private final List<Switchover> switchovers;
    private volatile VfLease active;
    private volatile SwitchRequest pending;
    private boolean emulationStopped;
    private String note = "";
    private int sequence;

    SwitchControl(String vm, HostNic nic, GuestSide guest, GatedPort port, ImageRepository images,
            VmSettings settings, VmStateMachine life, Clock clock, long limitNanos, List<Switchover> switchovers) {
        this.vm = vm;
        this.nic = nic;
        this.guest = guest;
        this.domain = new IommuDomain(vm, guest.memory());
        this.cut = new DataPathCut(nic, port);
        this.port = port;
        this.images = images;
        this.settings = settings;
        this.life = life;
        this.clock = clock;
        this.limitNanos = limitNanos;
        this.switchovers = switchovers;
    }

    /** A list for switchovers that is safe to read from any thread. */
    static List<Switchover> newList() {
        return new CopyOnWriteArrayList<>();
    }

    /** The VF that carries the data path; null in emulated mode. Any thread. */
    VfLease active() {
        return active;
    }

    /** What carries the data path. Any thread. */
    String carrier() {
        VfLease a = active;
        return a == null ? EMULATED : a.image().toString();
    }

    /** The request under way; null if there is none. Any thread. */
    SwitchRequest pending() {
        return pending;
    }

    int vfsHeld() {
        int held = 0;
        for (VfLease lease : leases) {
            held += lease == null ? 0 : 1;
        }
        return held;
    }

    int pagesMapped() {
        return domain.mappedPages();
    }

    /** The VFs that the VM holds, the active one among them. */
    List<VfLease> held() {
        return java.util.Arrays.stream(leases).filter(java.util.Objects::nonNull).toList();
    }

    // ------------------------------------------------------------------------------------------- requests

    Switchover passthrough(String image, String version) {
        life.check(Event.REQUEST_PASSTHROUGH);
        SwitchoverImpl switchover = begin(image == null ? "any plugin" : version == null ? image
                : image + " " + version);
        requestPassthrough(switchover, image, version);
        return switchover;
    }

    Switchover emulate() {
        life.check(Event.REQUEST_EMULATION);
        SwitchoverImpl switchover = begin(EMULATED);
        requestEmulation(switchover, null);
        return switchover;
    }

    private SwitchoverImpl begin(String to) {
        SwitchoverImpl switchover = new SwitchoverImpl(carrier(), to, clock.nanos());
        switchovers.add(switchover);
        return switchover;
    }

    private void requestPassthrough(SwitchoverImpl switchover, String image, String version) {
        try {
            PluginArea area = area();
            StoredImage chosen = choose(area, image, version);
            switchover.target(chosen.toString());
            if (active != null && (area.slots() < SLOTS || nic.pool().free() == 0)) {
                requestEmulation(switchover,
                        () -> requestPassthrough(switchover, chosen.name(), chosen.version().toString()));
                return;
            }
            int slot = active == null ? 0 : 1 - active.slot();
            if (leases[slot] != null) {
                throw new IllegalStateException("plugin slot " + slot + " of the guest still holds "
                        + leases[slot].image() + ", which the guest did not unload");
            }
            VfLease lease = VfLease.take(nic, guest, domain, slot, sequence + 1, chosen, settings.forVf(),
                    vfsHeld() == 0);
            leases[slot] = lease;
            life.fire(Event.REQUEST_PASSTHROUGH);
            open(PluginArea.ACTION_PASSTHROUGH, lease, switchover, null);
            area.requestPassthrough(sequence, slot, lease.pciSlot(), lease.function().identity(),
                    PciConfig.vectors(lease.function()), chosen.bytes(), chosen.sha256());
            guest.raiseEvents(ECR_DIC);
        } catch (RuntimeException e) {
            switchover.fail(sentence(e), clock.nanos());
        }
    }

    private void requestEmulation(SwitchoverImpl switchover, Runnable next) {
        try {
            PluginArea area = area();
            life.fire(Event.REQUEST_EMULATION);
            open(PluginArea.ACTION_EMULATE, null, switchover, next);
            area.requestEmulate(sequence);
            guest.raiseEvents(ECR_DIC);
        } catch (RuntimeException e) {
            switchover.fail(sentence(e), clock.nanos());
        }
    }

    private void open(int action, VfLease lease, SwitchoverImpl switchover, Runnable next) {
        emulationStopped = active != null;
        note = "";
        pending = new SwitchRequest(++sequence, action, lease, switchover, clock.nanos() + limitNanos, next);
    }

    private StoredImage choose(PluginArea area, String image, String version) {
        if (nic.adapter().enabledVirtualFunctions() == 0) {
            throw new IllegalStateException(nic.name() + " has no virtual functions; add the NIC with some");
        }
        PciIdentity device = nic.adapter().virtualFunction(0).identity();
        ImageRepository.Choice choice = images.pick(device, area.apiMajor(), area.apiMinor(), image, version);
        if (choice.image() == null) {
            throw new IllegalStateException(choice.reason());
        }
        return choice.image();
    }

    PluginArea area() {
        return new PluginArea(guest.memory(), guest.pluginArea());
    }

    // ------------------------------------------------------------------------------ what the guest reports

    /** Keeps what went wrong on the host's side during the request under way, for its reason. */
    void note(RuntimeException e) {
        note = sentence(e);
    }

    /** LOAD_PLUGIN COPY. */
    int copy(int forSequence) {
        SwitchRequest request = pending;
        if (request == null || !request.isPassthrough() || request.sequence() != forSequence) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        return area().copyImage(request.lease().image().bytes()) ? SwitchResult.OK : SwitchResult.BAD_IMAGE_MEMORY;
    }

    /** LOAD_PLUGIN FAILED. */
    int failed(int forSequence) {
        SwitchRequest request = pending;
        boolean isPending = request != null && forSequence != SwitchRequest.FALL_BACK
                && request.sequence() == forSequence;
        boolean known = isPending;
        for (VfLease lease : leases) {
            if (lease != null && lease.sequence() == forSequence && lease != active) {
                release(lease);
                known = true;
            }
        }
        if (isPending) {
            PluginArea area = area();
            String text = area.answerText();
            finish(text.isEmpty() ? "the guest's shell refused: " + SwitchResult.text(area.answerResult()) : text);
        } else {
            settle();
        }
        return known ? SwitchResult.OK : SwitchResult.NO_SUCH_REQUEST;
    }

    /** LOAD_PLUGIN UNLOADED. */
    int unloaded(int slot) {
        VfLease lease = slot >= 0 && slot < SLOTS ? leases[slot] : null;
        if (lease == null || lease == active) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        release(lease);
        progress();
        settle();
        return SwitchResult.OK;
    }

    /** ACTIVATE_VF of a plugin slot. */
    int activateSlot(int slot, int forSequence) {
        SwitchRequest request = pending;
        if (request == null || !request.isPassthrough() || request.sequence() != forSequence
                || request.isActivated() || request.lease().slot() != slot) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        VfLease lease = request.lease();
        int result = active == null ? cut.toVf(lease) : cut.toOtherVf(lease);
        if (result != SwitchResult.OK) {
            return result;
        }
        boolean fromEmulation = active == null;
        active = lease;
        request.activated(clock.nanos());
        request.awaitDrain(true);
        if (!fromEmulation) {
            drained(request);
        }
        return SwitchResult.OK;
    }

    /** ACTIVATE_VF of the emulation; sequence 0 is the shell's own fall-back. */
    int activateEmulation(int forSequence) {
        SwitchRequest request = pending;
        boolean fallBack = forSequence == SwitchRequest.FALL_BACK;
        if (active == null || !fallBack && (request == null || request.isPassthrough()
                || request.sequence() != forSequence || request.isActivated())) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        int result = cut.toEmulation(active);
        if (result != SwitchResult.OK) {
            return result;
        }
        String failedPlugin = carrier();
        active = null;
        if (fallBack) {
            request = fallBack(failedPlugin);
        }
        request.activated(clock.nanos());
        drained(request);
        return SwitchResult.OK;
    }

    private SwitchRequest fallBack(String failedPlugin) {
        LOG.warn("{}: the shell dropped plugin {} and fell back to the emulation", vm, failedPlugin);
        SwitchRequest interrupted = pending;
        life.fire(Event.PLUGIN_FAULT);
        SwitchoverImpl switchover = new SwitchoverImpl(failedPlugin, EMULATED, clock.nanos());
        switchovers.add(switchover);
        pending = new SwitchRequest(SwitchRequest.FALL_BACK, PluginArea.ACTION_EMULATE, null, switchover,
                clock.nanos() + limitNanos, null);
        if (interrupted != null) {
            interrupted.switchover().fail("plugin " + failedPlugin + " failed in the meantime; the shell fell back to "
                    + "the emulation", clock.nanos());
        }
        return pending;
    }

    /** STOP_EMULATION. */
    int stopEmulation(int forSequence) {
        SwitchRequest request = pending;
        if (request == null || request.sequence() != forSequence || !request.isActivated()) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        emulationStopped = true;
        return SwitchResult.OK;
    }

    // ------------------------------------------------------------------------------------ progress and end

    /**
     * Looks after the request under way: tells the guest that its old path is drained, notices the end and the time
     * limit.
     *
     * @return whether there was something to do
     */
    boolean progress() {
        SwitchRequest request = pending;
        if (request == null) {
            return false;
        }
        if (request.isDrainAwaited() && cut.isPortMoved() && port.toGuest().isEmpty() && guest.receiveDrained()) {
            drained(request);
            return true;
        }
        if (isComplete(request)) {
            int result = request.sequence() == SwitchRequest.FALL_BACK ? 0 : area().answerResult();
            finish(result == SwitchResult.OK ? "" : area().answerText());
            return true;
        }
        if (clock.nanos() >= request.deadline()) {
            withdraw(request);
            return true;
        }
        return false;
    }

    private boolean isComplete(SwitchRequest request) {
        if (!request.isActivated() || request.isDrainAwaited()) {
            return false;
        }
        boolean answered = request.sequence() == SwitchRequest.FALL_BACK
                || area().answerSequence() == request.sequence();
        // The shell writes the answer's sequence already when it names memory: commands tell how far it is.
        return answered && (request.isPassthrough() ? emulationStopped && vfsHeld() == 1 : vfsHeld() == 0);
    }

    private void drained(SwitchRequest request) {
        request.awaitDrain(false);
        area().drained(request.sequence());
        guest.raiseEvents(ECR_DIC);
    }

    private void withdraw(SwitchRequest request) {
        String limit = "within " + limitNanos / 1_000_000 + " ms";
        if (request.isPassthrough()) {
            if (request.isActivated()) {
                finish("the guest turned its traffic to the VF, but did not finish " + limit);
                return;
            }
            release(request.lease());
            finish("the guest did not come up with " + request.lease().image() + " " + limit
                    + "; the request is withdrawn");
        } else if (request.isActivated()) {
            releaseAll();
            finish("the guest did not unload its plugin " + limit + "; the VF was taken from it");
        } else {
            finish("the guest did not leave " + carrier() + " " + limit + "; the request is withdrawn");
        }
    }

    /** Ends the request under way; an empty reason means that it succeeded. */
    private void finish(String reason) {
        SwitchRequest request = pending;
        pending = null;
        cut.cancel();
        settle();
        if (!reason.isEmpty()) {
            request.switchover().fail(note.isEmpty() ? reason : reason + " (" + note + ")", clock.nanos());
            LOG.warn("{}: {}", vm, request.switchover());
        } else if (request.next() != null) {
            request.next().run();
        } else {
            request.switchover().done(clock.nanos());
            LOG.info("{}: {}", vm, request.switchover());
        }
        note = "";
    }

    private void settle() {
        if (pending != null || VmStateMachine.next(life.state(), Event.SETTLED_ON_VF) == null) {
            return;
        }
        if (active != null) {
            life.fire(Event.SETTLED_ON_VF);
        } else if (vfsHeld() == 0) {
            life.fire(Event.SETTLED_ON_EMULATION);
        }
    }

    /** Takes everything back in any state; a request under way fails with this reason. */
    void abandon(String reason) {
        SwitchRequest request = pending;
        pending = null;
        cut.cancel();
        releaseAll();
        if (request != null) {
            request.switchover().fail(reason, clock.nanos());
        }
    }

    private void releaseAll() {
        if (active != null) {
            try {
                nic.driver().deactivate(active.vf());
            } catch (RuntimeException e) {
                LOG.error("{}: the PF driver did not take the address back: {}", vm, e.getMessage(), e);
            }
            active = null;
            port.attach();
        }
        for (VfLease lease : leases) {
            if (lease != null) {
                release(lease);
            }
        }
    }

    private void release(VfLease lease) {
        RuntimeException failure = lease.release(vfsHeld() == 1);
        leases[lease.slot()] = null;
        if (failure != null) {
            note = "VF " + lease.vf() + " could not be given back: " + sentence(failure);
            LOG.error("{}: {}", vm, note, failure);
        }
    }

    private static String sentence(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
