package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfDriver;
import dev.npa.sim.host.VmStateMachine.Event;
import dev.npa.sim.image.ImageRepository;
import dev.npa.sim.image.StoredImage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hypervisor's side of a VM's switchovers: requests, their progress and end (docs/switch-protocol.md). What the
 * guest says by commands comes from {@link SwitchCommands}.
 *
 * <p>All methods are called under the locks that {@link #locked} takes unless they say otherwise.
 */
final class SwitchControl {

    /** Machine time that a guest has for a request. */
    static final long DEFAULT_LIMIT_NANOS = 5_000_000_000L;
    /** Device implementation change, bit 3 of the vmxnet3 event word. */
    static final int ECR_DIC = 1 << 3;
    /** Carrier of a VM in emulated mode. */
    static final String EMULATED = "emulated";

    private static final Logger LOG = LoggerFactory.getLogger(SwitchControl.class);

    private final String vm;
    private final GuestSide guest;
    private final DataPath path;
    private final HeldVfs vfs;
    private final ImageRepository images;
    private final VmSettings settings;
    private final VmStateMachine life;
    private final Clock clock;
    private final long limitNanos;
    private final List<Switchover> switchovers;
    private volatile SwitchRequest pending;
    private boolean emulationStopped;
    private String note = "";
    private int sequence;

    SwitchControl(String vm, DataPath path, GuestSide guest, ImageRepository images, VmSettings settings,
            VmStateMachine life, Clock clock, long limitNanos, List<Switchover> switchovers) {
        this.vm = vm;
        this.guest = guest;
        this.path = path;
        this.vfs = new HeldVfs(vm, path.home(), guest);
        this.images = images;
        this.settings = settings;
        this.life = life;
        this.clock = clock;
        this.limitNanos = limitNanos;
        this.switchovers = switchovers;
    }

    /** Runs an action under the locks of all NICs that the VM has to do with. Any thread. */
    <T> T locked(Supplier<T> action) {
        return NicLocks.hold(vfs::nics, action);
    }

    /** Runs an action under the locks of all NICs that the VM has to do with. Any thread. */
    void locked(Runnable action) {
        locked(() -> {
            action.run();
            return null;
        });
    }

    /** A list for switchovers that is safe to read from any thread. */
    static List<Switchover> newList() {
        return new CopyOnWriteArrayList<>();
    }

    /** What carries the frames. */
    DataPath path() {
        return path;
    }

    HeldVfs vfs() {
        return vfs;
    }

    /** What carries the data path, and where if not on the home NIC. Any thread. */
    String carrier() {
        VfLease a = path.active();
        return a == null ? EMULATED : label(a.image(), a.nic());
    }

    private String label(StoredImage image, HostNic nic) {
        return image + (nic == path.home() ? "" : " on " + nic.name());
    }

    /** The request under way; null if there is none. Any thread. */
    SwitchRequest pending() {
        return pending;
    }

    /** Machine time of the next time limit; {@link Long#MAX_VALUE} if there is none. Any thread. */
    long nextDeadline() {
        SwitchRequest request = pending;
        return request == null ? Long.MAX_VALUE : Math.min(request.deadline(), path.deadline());
    }

    // ------------------------------------------------------------------------------------------- requests

    /**
     * Requests passthrough, or a swap. Takes the locks itself: any thread.
     *
     * @param nic NIC whose VF it shall be; null = the one that carries the data path now
     */
    Switchover passthrough(HostNic nic, String image, String version) {
        HostNic target = nic == null ? path.nic() : nic;
        return NicLocks.hold(() -> vfs.nics(target), () -> {
            life.check(Event.REQUEST_PASSTHROUGH);
            String plugin = image == null ? "any plugin" : version == null ? image : image + " " + version;
            SwitchoverImpl switchover = begin(plugin + (target == path.home() ? "" : " on " + target.name()));
            requestPassthrough(switchover, target, image, version);
            return switchover;
        });
    }

    /** Requests the way back to the home NIC's emulation. */
    Switchover emulate() {
        life.check(Event.REQUEST_EMULATION);
        SwitchoverImpl switchover = begin(EMULATED);
        requestEmulation(switchover, null, null);
        return switchover;
    }

    private SwitchoverImpl begin(String to) {
        SwitchoverImpl switchover = new SwitchoverImpl(carrier(), to, clock.nanos());
        switchovers.add(switchover);
        return switchover;
    }

    private void requestPassthrough(SwitchoverImpl switchover, HostNic nic, String image, String version) {
        try {
            if (settings.filter().promiscuous()) {
                throw new IllegalStateException("the guest asks for promiscuous mode, which only the emulated device "
                        + "has; it gets a virtual function when it turns the mode off");
            }
            PluginArea area = area();
            StoredImage chosen = choose(nic, area, image, version);
            switchover.target(label(chosen, nic));
            VfLease active = path.active();
            boolean noRoom = active != null && nic == active.nic() && nic.pool().free() == 0;
            if (noRoom || active != null && area.slots() < HeldVfs.SLOTS) {
                requestEmulation(switchover, nic,
                        () -> requestPassthrough(switchover, nic, chosen.name(), chosen.version().toString()));
                return;
            }
            int slot = active == null ? 0 : 1 - active.slot();
            if (vfs.in(slot) != null) {
                throw new IllegalStateException("plugin slot " + slot + " of the guest still holds "
                        + vfs.in(slot).image() + ", which the guest did not unload");
            }
            VfLease lease = vfs.take(nic, slot, sequence + 1, chosen, settings);
            life.fire(Event.REQUEST_PASSTHROUGH);
            open(PluginArea.ACTION_PASSTHROUGH, lease, switchover, null);
            area.requestPassthrough(sequence, slot, lease.pciSlot(), lease.function().identity(),
                    PciConfig.vectors(lease.function()), chosen.bytes(), chosen.sha256(), nic.driver().queuesPerVf(),
                    flags(nic) | hashFlag(lease));
            guest.raiseEvents(ECR_DIC);
        } catch (RuntimeException e) {
            switchover.fail(sentence(e), clock.nanos());
        }
    }

    private int flags(HostNic next) {
        return next.wire() == path.nic().wire() ? 0 : PluginArea.FLAG_OTHER_PORT;
    }

    private int hashFlag(VfLease lease) {
        PfDriver driver = lease.nic().driver();
        return settings.rss() == null || settings.rss().equals(driver.rss(lease.vf())) ? 0 : PluginArea.FLAG_OWN_RSS;
    }

    /**
     * Asks the guest to leave its VF.
     *
     * @param thenTo NIC that {@code next} needs; null if it is the last request of the switchover
     */
    private void requestEmulation(SwitchoverImpl switchover, HostNic thenTo, Runnable next) {
        try {
            PluginArea area = area();
            life.fire(Event.REQUEST_EMULATION);
            vfs.reserve(thenTo);
            open(PluginArea.ACTION_EMULATE, null, switchover, next);
            area.requestEmulate(sequence, flags(path.home()));
            guest.raiseEvents(ECR_DIC);
        } catch (RuntimeException e) {
            switchover.fail(sentence(e), clock.nanos());
        }
    }

    private void open(int action, VfLease lease, SwitchoverImpl switchover, Runnable next) {
        emulationStopped = path.active() != null;
        note = "";
        pending = new SwitchRequest(++sequence, action, lease, switchover, clock.nanos() + limitNanos, next);
    }

    private StoredImage choose(HostNic nic, PluginArea area, String image, String version) {
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

    /** The traffic was turned as the request under way wants it. */
    void activated(SwitchRequest request, boolean fromEmulation) {
        request.activated(clock.nanos());
        request.awaitDrain(fromEmulation);
        if (!fromEmulation) {
            drained(request);
        }
    }

    /** The shell dropped a plugin and turned to the emulation: a request of its own. */
    SwitchRequest fallBack(String failedPlugin) {
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

    void emulationStopped() {
        emulationStopped = true;
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
        if (request.isDrainAwaited() && path.isPortMoved() && guest.receiveDrained()) {
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
        return answered && (request.isPassthrough() ? emulationStopped && vfs.count() == 1 : vfs.count() == 0);
    }

    private void drained(SwitchRequest request) {
        request.awaitDrain(false);
        area().drained(request.sequence());
        guest.raiseEvents(ECR_DIC);
    }

    private void withdraw(SwitchRequest request) {
        path.cancel();
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
    void finish(String reason) {
        SwitchRequest request = pending;
        pending = null;
        path.cancel();
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

    /** Notices that the VM has come to rest on a carrier. */
    void settle() {
        if (pending != null || VmStateMachine.next(life.state(), Event.SETTLED_ON_VF) == null) {
            return;
        }
        vfs.reserve(null);
        if (path.active() != null) {
            life.fire(Event.SETTLED_ON_VF);
        } else if (vfs.count() == 0) {
            life.fire(Event.SETTLED_ON_EMULATION);
        }
    }

    /** Takes everything back in any state; a request under way fails with this reason. */
    void abandon(String reason) {
        SwitchRequest request = pending;
        pending = null;
        releaseAll();
        if (request != null) {
            request.switchover().fail(reason, clock.nanos());
        }
    }

    private void releaseAll() {
        path.giveUp();
        vfs.all().forEach(this::release);
    }

    void release(VfLease lease) {
        RuntimeException failure = vfs.release(lease);
        if (failure != null) {
            note = "VF " + lease.vf() + " could not be given back: " + sentence(failure);
            LOG.error("{}: {}", vm, note, failure);
        }
    }

    private static String sentence(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
