package dev.npa.sim.host;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfDriver;
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
 * hands them to switch or PF drivers, and looks after a switchover under way when the scheduler steps it.
 *
 * <p>Commands come from the guest's thread inside a register access, steps from the thread of the home NIC's switch;
 * both take the locks of all NICs that the VM has to do with. A PF driver or function that throws fails the command,
 * never the guest.
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
    private final GuestSide guest;
    private final GatedPort port;
    private final VmSettings settings;
    private final VmStateMachine life;
    private final SwitchControl control;
    private final Predicate<MacAddress> mayHave;
    private final SwitchCommands commands;
    private final DataPath path;
    /** What the guest knows of its link; written under the locks. */
    private LinkState told;
    private volatile HostNic toldNic;
    private volatile boolean toldUp;
    /** The guest has asked for promiscuous mode since the last look. */
    private volatile boolean mustLeave;

    /**
     * Makes the controller of one boot of a VM.
     *
     * @param mayHave policy: whether the VM may take this address
     */
    PassthroughController(String name, GuestSide guest, GatedPort port, VmSettings settings,
            VmStateMachine life, SwitchControl control, Predicate<MacAddress> mayHave) {
        this.name = name;
        this.guest = guest;
        this.port = port;
        this.settings = settings;
        this.life = life;
        this.control = control;
        this.mayHave = mayHave;
        this.commands = new SwitchCommands(control);
        this.path = control.path();
        this.toldNic = path.home();
        this.toldUp = toldNic.wire().nicSide().isUp();
        control.locked(() -> told = toldNic.driver().link());
    }

    SwitchControl control() {
        return control;
    }

    // ----------------------------------------------------------------------------- control operations

    @Override
    public boolean macChanged(MacAddress mac) {
        return control.locked(() -> change(mac));
    }

    private boolean change(MacAddress mac) {
        MacAddress before = settings.mac();
        if (mac.equals(before)) {
            return true;
        }
        if (mac.isGroup() || mac.value() == 0 || !mayHave.test(mac)) {
            LOG.warn("{}: the guest may not have the address {}; it keeps {}", name, mac, before);
            return false;
        }
        // A switchover that is turning the old address starts anew with the new one.
        path.cancel();
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

    @Override
    public void filterChanged(PortFilter filter) {
        control.locked(() -> {
            settings.filter(filter);
            port.filter(filter);
            mustLeave = filter.promiscuous();
            tryUpdateVfs("receive filter");
        });
    }

    @Override
    public void rssChanged(RssSettings rss) {
        control.locked(() -> {
            settings.rss(rss);
            tryUpdateVfs("RSS settings");
        });
    }

    private void tryUpdateVfs(String what) {
        try {
            updateVfs();
        } catch (RuntimeException e) {
            LOG.warn("{}: the PF driver cannot do the guest's {}: {}", name, what, e.getMessage());
        }
    }

    private void updateVfs() {
        for (VfLease lease : control.vfs().all()) {
            PfDriver driver = lease.nic().driver();
            driver.update(lease.vf(), settings.forVf(driver));
        }
    }

    @Override
    public void activated(int mtu) {
        control.locked(() -> {
            if (life.state() == VirtualMachine.State.BOOTING) {
                life.fire(Event.BOOTED);
            }
        });
    }

    @Override
    public void deactivated() {
        // A device at rest keeps its place on the switch; its queue waits for the next activation.
    }

    @Override
    public LinkState link() {
        return control.locked(() -> path.nic().driver().link());
    }

    // -------------------------------------------------------------------------------- switch protocol

    @Override
    public int loadPlugin(int op, int word1, long word2) {
        return command("LOAD_PLUGIN", () -> switch (op) {
            case OP_COPY -> commands.copy(word1);
            case OP_FAILED -> commands.failed(word1);
            case OP_UNLOADED -> commands.unloaded(word1);
            default -> SwitchResult.NO_SUCH_REQUEST;
        });
    }

    @Override
    public int activateVf(int slot, int sequence) {
        return command("ACTIVATE_VF", () -> slot == EMULATION
                ? commands.activateEmulation(sequence) : commands.activateSlot(slot, sequence));
    }

    @Override
    public int stopEmulation(int sequence) {
        return command("STOP_EMULATION", () -> commands.stopEmulation(sequence));
    }

    @Override
    public boolean isPassthrough() {
        return path.active() != null;
    }

    private int command(String what, IntSupplier work) {
        return control.locked(() -> {
            try {
                return work.getAsInt();
            } catch (RuntimeException e) {
                LOG.error("{}: {} failed", name, what, e);
                control.note(e);
                return SwitchResult.MODE_SWITCH_FAILED;
            }
        });
    }

    // ----------------------------------------------------------------------------------------- stepping

    @Override
    public String name() {
        return name;
    }

    @Override
    public int run(int budget) {
        if (control.pending() == null && !isLinkNews() && !mustLeave) {
            return 0;
        }
        return control.locked(() -> (control.progress() ? 1 : 0) + tellLink() + leave());
    }

    private boolean isLinkNews() {
        HostNic nic = path.nic();
        return nic != toldNic || nic.wire().nicSide().isUp() != toldUp;
    }

    /** Raises the link event when cable or carrier have changed what the guest sees. */
    private int tellLink() {
        if (!isLinkNews()) {
            return 0;
        }
        boolean up = path.nic().wire().nicSide().isUp();
        LinkState link = path.nic().driver().link();
        boolean news = up != toldUp || !link.equals(told);
        toldNic = path.nic();
        toldUp = up;
        told = link;
        if (news) {
            guest.raiseEvents(ECR_LINK);
        }
        return 1;
    }

    /** A guest in promiscuous mode leaves its VF, which cannot do it; once for each change of its filter. */
    private int leave() {
        if (!mustLeave || control.pending() != null) {
            return 0;
        }
        mustLeave = false;
        if (life.state() != VirtualMachine.State.PASSTHROUGH) {
            return 0;
        }
        LOG.info("{}: the guest asks for promiscuous mode and leaves passthrough", name);
        control.emulate();
        return 1;
    }

    @Override
    public long nextEvent() {
        return control.nextDeadline();
    }
}
