package dev.npa.shell.runtime;

import dev.npa.hw.Machine;
import dev.npa.hw.PciFunction;
import dev.npa.hw.Steppable;
import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.channel.WorkloadChannel;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea;
import dev.npa.shell.runtime.control.Vmxnet3NicControl;
import dev.npa.shell.runtime.core.CoreDevice;
import dev.npa.shell.runtime.image.ImageInstaller;
import dev.npa.shell.runtime.image.ImageVerifier;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.GuestOs;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.OsEnvironment;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.shell.runtime.switchover.NicContext;
import dev.npa.shell.runtime.switchover.SwitchoverMachine;
import java.util.Map;
import java.util.function.Function;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A booted guest: memory, network device, operating system, and the code of virtual CPU 0. Booted and closed by one
 * thread, run by the machine's scheduler; {@link #close} and {@link #run} exclude each other.
 */
public final class Guest implements Steppable, AutoCloseable {

    /** Plugins that can be loaded at the same time. */
    private static final int SLOTS = 2;
    private static final int MOST_BUFFERS = 16384;
    private static final int FEWEST_BUFFERS = 256;
    /** Rings that are shorter are not worth another queue pair. */
    private static final int SHORTEST_RING = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Guest.class);

    private final Machine machine;
    private final PhysicalAllocator allocator;
    private final InterruptVectors cpu;
    private final PacketPool pool;
    private WorkloadChannel channel;
    private GuestOs system;
    private PciDevice nic;
    private ShellImpl controlShell;
    private NicControl control;
    private CoreDevice device;
    private SwitchoverMachine switchover;
    private int eventVector;
    private boolean events;
    private boolean closed;

    /**
     * Boots a guest on a machine.
     *
     * @param options the MTU is made smaller if the workload channel's records are
     * @param api versions of the API packages that this shell offers, by package name
     * @param installer where plugin images go
     * @throws RuntimeException if the machine lacks something; nothing is held then
     */
    Guest(Machine machine, GuestOptions options, Map<String, Version> api, ImageInstaller installer) {
        this(machine, options, api, installer, Vmxnet3NicControl::new);
    }

    Guest(Machine machine, GuestOptions options, Map<String, Version> api, ImageInstaller installer,
            Function<ShellImpl, NicControl> openControl) {
        this.machine = machine;
        this.allocator = new PhysicalAllocator(machine.memory());
        this.cpu = new InterruptVectors(machine.interrupts());
        // A quarter of the memory: receive rings of two carriers, and what is on its way.
        long share = machine.memory().size() / 4 / PacketPool.STRIDE;
        this.pool = new PacketPool(allocator, (int) Math.max(FEWEST_BUFFERS, Math.min(MOST_BUFFERS, share)));
        try {
            boot(options, api, installer, openControl);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void boot(GuestOptions options, Map<String, Version> api, ImageInstaller installer,
            Function<ShellImpl, NicControl> openControl) {
        // The workload channel's interrupt needs no handler: it only has the CPU run.
        channel = machine.pci(Machine.SLOT_CHANNEL)
                .map(f -> new WorkloadChannel(f, allocator, cpu, vector -> { })).orElse(null);
        int usable = channel == null ? options.mtu() : Math.min(options.mtu(), channel.maxFrame() - 18);
        int queues = options.queues() == 0 ? defaultQueues() : options.queues();
        system = options.system().create(new OsEnvironment(machine.name(), machine.clock(), channel,
                DeviceSettings.of(usable, queues).without(options.without())));
        DeviceSettings settings = system.settings();
        PciFunction function = machine.pci(Machine.SLOT_VMXNET3).orElseThrow(() -> new ShellException(
                "machine " + machine.name() + " has no paravirtual NIC in PCI slot " + Machine.SLOT_VMXNET3));
        // One vector a queue pair, and one for events.
        nic = PciDevice.enable(function, settings.queues() + 1, cpu, this::nicInterrupt);
        controlShell = NicContext.newShell(machine, allocator, pool, nic, 1, "control");
        control = openControl.apply(controlShell);
        eventVector = control.eventVector();
        Version plugin = api.getOrDefault("dev.npa.plugin", Version.emptyVersion);
        PluginArea area = new PluginArea(controlShell, plugin.getMajor(), plugin.getMinor(), SLOTS);
        control.announce(area.address(), PluginArea.BYTES);
        device = new CoreDevice(settings, system, control, pool, machine.clock());
        NicContext context = new NicContext(machine, allocator, pool, cpu, new ImageVerifier(api), installer, device,
                options.warmUpPackets());
        switchover = new SwitchoverMachine(context, control, nic, area, SLOTS);
        switchover.start();
        system.boot(device);
        device.pollAll();
        events = true;
        LOG.info("{}: {} {} on the emulation, MTU {}, {} queue pairs, {} packet buffers, link {}", machine.name(),
                options.system().name(), control.mac(), settings.mtu(), settings.queues(), pool.size(),
                control.link());
    }

    /** A power of two, so that a device that wants one has no idle queues. */
    private int defaultQueues() {
        int queues = NetDevice.MAX_QUEUES;
        while (queues > 1 && pool.size() / (8 * queues) < SHORTEST_RING) {
            queues /= 2;
        }
        return queues;
    }

    private void nicInterrupt(int vector) {
        if (vector == eventVector) {
            events = true;
        }
        if (switchover != null) {
            switchover.queueInterrupt(vector);
        }
    }

    @Override
    public synchronized int run(int budget) {
        if (closed) {
            return 0;
        }
        int work = cpu.dispatch();
        if (events) {
            serveEvents();
            work++;
        }
        work += switchover.step();
        device.service();
        work += system.run(Math.max(1, budget));
        return work;
    }

    /** DIC needs nothing here: it had the CPU run, and the switchover looks at the plugin area in every round. */
    private void serveEvents() {
        events = false;
        int happened = control.takeEvents();
        if ((happened & NicControl.EVENT_QUEUE_ERROR) != 0) {
            switchover.queueError();
        }
        if ((happened & NicControl.EVENT_LINK) != 0) {
            LOG.info("{}: link {}", machine.name(), control.link());
            device.linkChanged();
        }
        control.enableEvents();
    }

    /** Counters of the guest's network device. */
    public DeviceStatistics statistics() {
        return device.statistics();
    }

    /**
     * All counters of the network device by name, up to date. Excludes {@link #run}, so that any thread may ask: what
     * belongs to the virtual CPU stands still meanwhile.
     */
    public synchronized Map<String, Long> counters() {
        if (!closed) {
            device.statistics().refresh();
        }
        return device.statistics().named();
    }

    CoreDevice device() {
        return device;
    }

    SwitchoverMachine switchover() {
        return switchover;
    }

    PacketPool pool() {
        return pool;
    }

    PhysicalAllocator allocator() {
        return allocator;
    }

    InterruptVectors vectors() {
        return cpu;
    }

    /** Gives everything back. Idempotent; the machine must not give the CPU time any more, or gets nothing done. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        quietly(switchover == null ? null : switchover::close);
        quietly(control == null ? null : control::close);
        quietly(nic == null ? null : nic::disable);
        quietly(controlShell == null ? null : controlShell::close);
        quietly(system == null ? null : system::close);
        quietly(device == null ? null : device::close);
        quietly(channel == null ? null : channel::close);
        pool.close();
        LOG.info("{}: stopped; {}", machine.name(), device == null ? "it did not boot" : device.statistics());
    }

    private void quietly(Runnable step) {
        try {
            if (step != null) {
                step.run();
            }
        } catch (RuntimeException e) {
            LOG.warn("{}: a part of the guest did not close: {}", machine.name(), e.toString());
        }
    }
}
