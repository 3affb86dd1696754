package dev.npa.benchmarks;

import dev.npa.benchmarks.device.Fake57712;
import dev.npa.benchmarks.device.FakeDevice;
import dev.npa.benchmarks.device.FakeIntelVf;
import dev.npa.benchmarks.device.FakeVmxnet3;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.broadcom.BroadcomFactory;
import dev.npa.plugin.kawela.KawelaFactory;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.niantic.v11.NianticFactory11;
import dev.npa.shell.runtime.control.Vmxnet3NicControl;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.path.DataPath;
import dev.npa.shell.runtime.path.DataPaths;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import java.util.EnumSet;
import java.util.List;

/**
 * One plugin, running in the shell's own box on an in-memory device: allocator, packet pool, shell, instance and data
 * path are those of a guest, sized as a guest has them. Polled: no interrupt vectors.
 */
final class Bench {

    static final String VMXNET3 = "vmxnet3";
    static final String NIANTIC = "niantic";
    static final String NIANTIC_1_1 = "niantic-1.1.0";
    static final String KAWELA = "kawela";
    static final String BROADCOM = "broadcom";
    /** What can be measured. */
    static final List<String> PLUGINS = List.of(VMXNET3, NIANTIC, NIANTIC_1_1, KAWELA, BROADCOM);

    private static final long BASE = 1L << 32;
    private static final long BYTES = 16L << 20;
    private static final int BUFFERS = 4096;
    private static final int MTU = 1500;
    private static final int JUMBO_MTU = 9000;
    /** How a plugin is measured: frames of 1500 bytes payload, one queue pair, no offloads. */
    private static final DeviceSettings PLAIN =
            DeviceSettings.of(MTU, 1).without(EnumSet.complementOf(EnumSet.of(Feature.SCATTER_GATHER)));
    /** Everything that a plugin has, so that it must find out for each packet what is asked for. */
    private static final DeviceSettings EVERYTHING = DeviceSettings.of(JUMBO_MTU, 2);

    private final PhysicalMemory memory = PhysicalMemory.allocate(BASE, BYTES);
    private final PhysicalAllocator allocator = new PhysicalAllocator(memory);
    private final PacketPool pool = new PacketPool(allocator, BUFFERS);
    private final FakeDevice device;
    private final PciDevice pci;
    private final Plugin plugin;
    private final PluginInstance instance;
    private int shells;

    /**
     * Brings a plugin up.
     *
     * @param name one of {@link #PLUGINS}
     */
    Bench(String name) {
        this(name, PLAIN, PluginInstance.RING);
    }

    /** The same with rings that hold a burst of frames, whatever descriptors a frame needs. */
    static Bench forBursts(String name, int burst) {
        return new Bench(name, PLAIN, 4 * burst > PluginInstance.RING ? 2 * PluginInstance.RING : PluginInstance.RING);
    }

    /**
     * Brings a plugin up with every offload that it has, jumbo frames, and two queue pairs if it can, so that it has
     * reason to hash. The device serves the first pair.
     */
    static Bench withEverything(String name) {
        return new Bench(name, EVERYTHING, PluginInstance.RING);
    }

    private Bench(String name, DeviceSettings settings, int ring) {
        device = device(name);
        pci = PciDevice.enable(device.function(), 0, new InterruptVectors(new NoInterrupts()), vector -> { });
        ShellImpl control = newShell();
        ShellImpl shell = newShell();
        plugin = plugin(name, control, shell);
        instance = new PluginInstance(name, 0, shell, plugin, DataPaths.shared());
        instance.bringUp(settings, settings.queues(), ring, pool);
    }

    private FakeDevice device(String name) {
        switch (name) {
            case VMXNET3:
                return new FakeVmxnet3(memory);
            case NIANTIC:
            case NIANTIC_1_1:
                return FakeIntelVf.of82599(memory, shadow());
            case KAWELA:
                return FakeIntelVf.of82576(memory, shadow());
            case BROADCOM:
                return new Fake57712(memory);
            default:
                throw new IllegalArgumentException("plugin '" + name + "' is not one of " + PLUGINS);
        }
    }

    private long shadow() {
        return allocator.allocate(FakeIntelVf.SHADOW_BYTES, PhysicalAllocator.GRANULE);
    }

    private static Plugin plugin(String name, ShellImpl control, ShellImpl shell) {
        switch (name) {
            case VMXNET3:
                return new Vmxnet3NicControl(control).emulation(shell);
            case NIANTIC:
                return new NianticFactory().create(shell);
            case KAWELA:
                return new KawelaFactory().create(shell);
            case BROADCOM:
                return new BroadcomFactory().create(shell);
            default:
                return new NianticFactory11().create(shell);
        }
    }

    private ShellImpl newShell() {
        return new ShellImpl(pci, allocator, pool, ++shells, BUFFERS / 8, new QuietMachine(), new QuietMachine());
    }

    PhysicalMemory memory() {
        return memory;
    }

    PacketPool pool() {
        return pool;
    }

    FakeDevice device() {
        return device;
    }

    DataPath path() {
        return instance.paths()[0];
    }

    /** Whether a feature is in force. */
    boolean has(Feature feature) {
        return instance.has(feature);
    }

    /** Packets that the plugin itself counted: sent, or received if it sent none. */
    long packets() {
        long sent = plugin.txQueue(0).counter(QueueCounter.PACKETS);
        return sent != 0 ? sent : plugin.rxQueue(0).counter(QueueCounter.PACKETS);
    }

    /**
     * Stops and closes the plugin.
     *
     * @return buffers that are still not free
     */
    int close() {
        instance.stop();
        instance.close();
        instance.shell().close();
        return pool.size() - pool.available();
    }
}
