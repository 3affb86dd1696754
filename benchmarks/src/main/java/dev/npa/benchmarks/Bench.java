package dev.npa.benchmarks;

import dev.npa.benchmarks.device.Fake82599;
import dev.npa.benchmarks.device.FakeDevice;
import dev.npa.benchmarks.device.FakeVmxnet3;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.niantic.v11.NianticFactory11;
import dev.npa.shell.runtime.control.Vmxnet3NicControl;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.path.DataPath;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One plugin, running in the shell's own box on an in-memory device: allocator, packet pool, shell, instance and data
 * path are those of a guest, sized as a guest has them. Polled: no interrupt vectors.
 */
final class Bench {

    static final String VMXNET3 = "vmxnet3";
    static final String NIANTIC_1_0 = "niantic-1.0.0";
    static final String NIANTIC_1_1 = "niantic-1.1.0";
    /** What can be measured. */
    static final List<String> PLUGINS = List.of(VMXNET3, NIANTIC_1_0, NIANTIC_1_1);

    private static final long BASE = 1L << 32;
    private static final long BYTES = 16L << 20;
    private static final int BUFFERS = 4096;
    private static final int MTU = 1500;
    /** What is not measured: everything but frames of several segments. */
    private static final Set<Feature> PLAIN = EnumSet.complementOf(EnumSet.of(Feature.SCATTER_GATHER));

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
        device = device(name);
        pci = PciDevice.enable(device.function(), 0, new InterruptVectors(new NoInterrupts()), vector -> { });
        ShellImpl control = newShell();
        ShellImpl shell = newShell();
        plugin = plugin(name, control, shell);
        instance = new PluginInstance(name, 0, shell, plugin);
        instance.bringUp(DeviceSettings.of(MTU, 1).without(PLAIN), 1, PluginInstance.RING, pool);
    }

    private FakeDevice device(String name) {
        switch (name) {
            case VMXNET3:
                return new FakeVmxnet3(memory);
            case NIANTIC_1_0:
            case NIANTIC_1_1:
                return new Fake82599(memory, allocator.allocate(Fake82599.SHADOW_BYTES, PhysicalAllocator.GRANULE));
            default:
                throw new IllegalArgumentException("plugin '" + name + "' is not one of " + PLUGINS);
        }
    }

    private static Plugin plugin(String name, ShellImpl control, ShellImpl shell) {
        switch (name) {
            case VMXNET3:
                return new Vmxnet3NicControl(control).emulation(shell);
            case NIANTIC_1_0:
                return new NianticFactory().create(shell);
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
