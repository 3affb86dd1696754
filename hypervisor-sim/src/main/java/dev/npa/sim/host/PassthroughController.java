package dev.npa.sim.host;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.sim.host.VmStateMachine.Event;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.time.Component;
import dev.npa.sim.vmxnet3.Vmxnet3Backend;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hypervisor behind a VM's vmxnet3 device: takes the guest's commands, applies policy to its control operations and
 * hands them to switch or PF driver, and looks after a switchover under way when the scheduler steps it.
 *
 * <p>Commands come from the guest's thread inside a register access, steps from the switch's thread; both take the
 * NIC's lock. A PF driver or function that throws fails the command, never the guest.
 */
final class PassthroughController implements Vmxnet3Backend, Component {

    /** Link changed, bit 2 of the vmxnet3 event word. */
    private static final int ECR_LINK = 1 << 2;
    private static final int OP_COPY = 1;
    private static final int OP_FAILED = 2;
    private static final int OP_UNLOADED = 3;
    private static final int EMULATION = 0xFFFF_FFFF;

    private static final Logger LOG = LoggerFactory.getLogger(PassthroughController.class);

    private final String name;
    private final HostNic nic;
    private final GuestSide guest;
    private final GatedPort port;
    private final VmSettings settings;
    private final VmStateMachine life;
    private final SwitchControl control;
    private final Predicate<MacAddress> mayHave;
    private boolean linkUp = true;

    /**
     * Makes the controller of one boot of a VM.
     *
     * @param mayHave policy: whether the VM may take this address
     */
    PassthroughController(String name, HostNic nic, GuestSide guest, GatedPort port, VmSettings settings,
            VmStateMachine life, SwitchControl control, Predicate<MacAddress> mayHave) {
        this.name = name;
        this.nic = nic;
        this.guest = guest;
        this.port = port;
        this.settings = settings;
        this.life = life;
        this.control = control;
        this.mayHave = mayHave;
    }

    SwitchControl control() {
        return control;
    }

    // ----------------------------------------------------------------------------- control operations

    @Override
    public boolean macChanged(MacAddress mac) {
        synchronized (nic.lock()) {
            MacAddress before = settings.mac();
            if (mac.equals(before)) {
                return true;
            }
            if (mac.isGroup() || mac.value() == 0 || !mayHave.test(mac)) {
                LOG.warn("{}: the guest may not have the address {}; it keeps {}", name, mac, before);
                return false;
            }
            settings.mac(mac);
            try {
                port.mac(mac);
                updateVfs();
                return true;
            } catch (RuntimeException e) {
                LOG.warn("{}: the address {} was refused: {}", name, mac, e.getMessage());
                settings.mac(before);
                port.mac(before);
                return false;
            }
        }
    }

    @Override
    public void filterChanged(PortFilter filter) {
        synchronized (nic.lock()) {
            settings.filter(filter);
            port.filter(filter);
            try {
                updateVfs();
            } catch (RuntimeException e) {
                LOG.warn("{}: the PF driver cannot do the guest's receive filter: {}", name, e.getMessage());
            }
        }
    }

    @Override
    public void rssChanged(RssSettings rss) {
        LOG.debug("{}: the guest's receive traffic is to be spread as {}", name, rss);
    }

    private void updateVfs() {
        for (VfLease lease : control.held()) {
            nic.driver().update(lease.vf(), settings.forVf());
        }
    }

    @Override
    public void activated(int mtu) {
        synchronized (nic.lock()) {
            if (life.state() == VirtualMachine.State.BOOTING) {
                life.fire(Event.BOOTED);
            }
        }
    }

    @Override
    public void deactivated() {
        // A device at rest keeps its place on the switch; its queue waits for the next activation.
    }

    @Override
    public LinkState link() {
        synchronized (nic.lock()) {
            return nic.driver().link();
        }
    }

    // -------------------------------------------------------------------------------- switch protocol

    @Override
    public int loadPlugin(int op, int word1, long word2) {
        return command("LOAD_PLUGIN", () -> switch (op) {
            case OP_COPY -> control.copy(word1);
            case OP_FAILED -> control.failed(word1);
            case OP_UNLOADED -> control.unloaded(word1);
            default -> SwitchResult.NO_SUCH_REQUEST;
        });
    }

    @Override
    public int activateVf(int slot, int sequence) {
        return command("ACTIVATE_VF", () -> slot == EMULATION
                ? control.activateEmulation(sequence) : control.activateSlot(slot, sequence));
    }

    @Override
    public int stopEmulation(int sequence) {
        return command("STOP_EMULATION", () -> control.stopEmulation(sequence));
    }

    @Override
    public boolean isPassthrough() {
        return control.active() != null;
    }

    private int command(String what, IntSupplier work) {
        synchronized (nic.lock()) {
            try {
                return work.getAsInt();
            } catch (RuntimeException e) {
                LOG.error("{}: {} failed", name, what, e);
                control.note(e);
                return SwitchResult.MODE_SWITCH_FAILED;
            }
        }
    }

    // ----------------------------------------------------------------------------------------- stepping

    @Override
    public String name() {
        return name;
    }

    @Override
    public int run(int budget) {
        boolean up = nic.wire().nicSide().isUp();
        if (control.pending() == null && up == linkUp) {
            return 0;
        }
        synchronized (nic.lock()) {
            int work = control.progress() ? 1 : 0;
            if (up != linkUp) {
                linkUp = up;
                guest.raiseEvents(ECR_LINK);
                work++;
            }
            return work;
        }
    }

    @Override
    public long nextEvent() {
        SwitchRequest request = control.pending();
        return request == null ? NEVER : request.deadline();
    }
}
