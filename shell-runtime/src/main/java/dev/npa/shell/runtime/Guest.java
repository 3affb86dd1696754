package dev.npa.shell.runtime;

import dev.npa.hw.Machine;
import dev.npa.hw.PciFunction;
import dev.npa.hw.Steppable;
import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea;
import dev.npa.shell.runtime.control.Vmxnet3NicControl;
import dev.npa.shell.runtime.image.ImageInstaller;
import dev.npa.shell.runtime.image.ImageVerifier;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.shell.runtime.stack.GuestStack;
import dev.npa.shell.runtime.stack.NicStatistics;
import dev.npa.shell.runtime.stack.WorkloadChannel;
import dev.npa.shell.runtime.switchover.NicContext;
import dev.npa.shell.runtime.switchover.SwitchoverMachine;
import java.util.Map;
import java.util.function.Function;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A booted guest: memory, paravirtual NIC, network stack, and the code of virtual CPU 0. Booted and closed by one
 * thread, run by the machine's scheduler; {@link #close} and {@link #run} exclude each other.
 */
public final class Guest implements Steppable, AutoCloseable {

    /** Plugins that can be loaded at the same time. */
    private static final int SLOTS = 2;
    /** Vectors of the paravirtual NIC: one queue pair, and events. */
    private static final int NIC_VECTORS = 2;
    private static final int MOST_BUFFERS = 4096;
    private static final int FEWEST_BUFFERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Guest.class);

    private final Machine machine;
    private final NicStatistics statistics = new NicStatistics();
    private final PhysicalAllocator allocator;
    private final InterruptVectors cpu;
    private final PacketPool pool;
    private PciDevice nic;
    private ShellImpl controlShell;
    private NicControl control;
    private GuestStack stack;
    private SwitchoverMachine switchover;
    private int eventVector;
    private boolean events;
    private boolean closed;

    /**
     * Boots a guest on a machine.
     *
     * @param mtu largest payload of a frame, 68..9000; made smaller if the workload channel's slots are
     * @param api versions of the API packages that this shell offers, by package name
     * @param installer where plugin images go
     * @throws RuntimeException if the machine lacks something; nothing is held then
     */
    public Guest(Machine machine, int mtu, Map<String, Version> api, ImageInstaller installer) {
        this(machine, mtu, api, installer, Vmxnet3NicControl::new);
    }

    Guest(Machine machine, int mtu, Map<String, Version> api, ImageInstaller installer,
            Function<ShellImpl, NicControl> openControl) {
        this.machine = machine;
        this.allocator = new PhysicalAllocator(machine.memory());
        this.cpu = new InterruptVectors(machine.interrupts());
        long share = machine.memory().size() / 4 / PacketPool.STRIDE;
        this.pool = new PacketPool(allocator, (int) Math.max(FEWEST_BUFFERS, Math.min(MOST_BUFFERS, share)));
        try {
            boot(mtu, api, installer, openControl);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void boot(int mtu, Map<String, Version> api, ImageInstaller installer,
            Function<ShellImpl, NicControl> openControl) {
        // The workload channel's interrupt needs no handler: it only has the CPU run.
        WorkloadChannel channel = machine.pci(Machine.SLOT_CHANNEL)
                .map(f -> new WorkloadChannel(f, allocator, cpu, vector -> { })).orElse(null);
        stack = new GuestStack(channel, pool, statistics, PluginInstance.BURST, PluginInstance.SEGMENTS);
        int usable = channel == null ? mtu : Math.min(mtu, channel.maxFrame() - 18);
        PciFunction function = machine.pci(Machine.SLOT_VMXNET3).orElseThrow(() -> new ShellException(
                "machine " + machine.name() + " has no paravirtual NIC in PCI slot " + Machine.SLOT_VMXNET3));
        nic = PciDevice.enable(function, NIC_VECTORS, cpu, this::nicInterrupt);
        NicContext context = new NicContext(machine, allocator, pool, cpu, statistics, new ImageVerifier(api),
                installer, usable);
        controlShell = context.newShell(nic, "control");
        control = openControl.apply(controlShell);
        eventVector = control.eventVector();
        Version plugin = api.getOrDefault("dev.npa.plugin", Version.emptyVersion);
        PluginArea area = new PluginArea(controlShell, plugin.getMajor(), plugin.getMinor(), SLOTS);
        control.announce(area.address(), PluginArea.BYTES);
        switchover = new SwitchoverMachine(context, control, nic, area, stack, SLOTS);
        switchover.start();
        events = true;
        LOG.info("{}: {} on the emulation, MTU {}, {} packet buffers, link {}", machine.name(), control.mac(), usable,
                pool.size(), control.link());
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
        work += stack.run(Math.max(1, budget));
        if (stack.isIdle()) {
            switchover.idle();
        }
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
        }
        control.enableEvents();
    }

    /** Counters of the guest's network device. */
    public NicStatistics statistics() {
        return statistics;
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
        quietly(stack == null ? null : stack::close);
        pool.close();
        LOG.info("{}: stopped; {}", machine.name(), statistics);
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
