package dev.npa.shell.runtime.switchover;

import dev.npa.hw.Machine;
import dev.npa.shell.runtime.core.CoreDevice;
import dev.npa.shell.runtime.image.ImageInstaller;
import dev.npa.shell.runtime.image.ImageVerifier;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.RateLimitedLog;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;

/** What the parts of one virtual NIC share: the guest's resources and settings. */
public final class NicContext {

    private static final int SMALLEST_RING = 64;

    final Machine machine;
    final PhysicalAllocator allocator;
    final PacketPool pool;
    final InterruptVectors cpu;
    final CoreDevice device;
    final ImageVerifier verifier;
    final ImageInstaller installer;
    final RateLimitedLog log;
    final DeviceSettings settings;
    /** Packets that a plugin handles on its scratch device before it gets traffic; 0 = it gets it cold. */
    final long warmUpPackets;
    /** The control channel's shell is instance 1. */
    private int instances = 1;

    /**
     * Collects them.
     *
     * @param pool packet buffers; handles fit 16 bits
     */
    public NicContext(Machine machine, PhysicalAllocator allocator, PacketPool pool, InterruptVectors cpu,
            ImageVerifier verifier, ImageInstaller installer, CoreDevice device, long warmUpPackets) {
        this.machine = machine;
        this.allocator = allocator;
        this.pool = pool;
        this.cpu = cpu;
        this.device = device;
        this.verifier = verifier;
        this.installer = installer;
        this.settings = device.settings();
        this.warmUpPackets = warmUpPackets;
        this.log = new RateLimitedLog(machine.clock(), machine.name(), "shell");
    }

    /** Shell of a new plugin instance on a device. */
    public ShellImpl newShell(PciDevice pci, String plugin) {
        return newShell(machine, allocator, pool, pci, ++instances, plugin);
    }

    /** Shell of whoever drives a device; instance 1 is for the control channel. */
    public static ShellImpl newShell(Machine machine, PhysicalAllocator allocator, PacketPool pool, PciDevice pci,
            int instance, String name) {
        // An eighth of the buffers stays for transmit, whatever receive rings want.
        return new ShellImpl(pci, allocator, pool, instance, pool.size() / 8, machine.clock(),
                new RateLimitedLog(machine.clock(), machine.name(), name));
    }

    /** Ring size to ask for: the receive rings of two carriers and what is in flight have to fit the pool. */
    int ring(int pairs) {
        return ring(pool.size(), Math.min(pairs, settings.queues()));
    }

    /** Ring size for a number of queue pairs. */
    public static int ring(int buffers, int pairs) {
        return Math.max(SMALLEST_RING, Math.min(PluginInstance.RING, buffers / (8 * pairs)));
    }
}
