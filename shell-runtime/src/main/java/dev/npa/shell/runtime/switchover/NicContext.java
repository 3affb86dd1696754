package dev.npa.shell.runtime.switchover;

import dev.npa.hw.Machine;
import dev.npa.shell.runtime.image.ImageInstaller;
import dev.npa.shell.runtime.image.ImageVerifier;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.RateLimitedLog;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.shell.runtime.stack.NicStatistics;

/** What the parts of one virtual NIC share: the guest's resources and settings. */
public final class NicContext {

    final Machine machine;
    final PhysicalAllocator allocator;
    final PacketPool pool;
    final InterruptVectors cpu;
    final NicStatistics statistics;
    final ImageVerifier verifier;
    final ImageInstaller installer;
    final RateLimitedLog log;
    final int mtu;
    private int instances;

    /**
     * Collects them.
     *
     * @param mtu largest payload of a frame
     */
    public NicContext(Machine machine, PhysicalAllocator allocator, PacketPool pool, InterruptVectors cpu,
            NicStatistics statistics, ImageVerifier verifier, ImageInstaller installer, int mtu) {
        this.machine = machine;
        this.allocator = allocator;
        this.pool = pool;
        this.cpu = cpu;
        this.statistics = statistics;
        this.verifier = verifier;
        this.installer = installer;
        this.mtu = mtu;
        this.log = new RateLimitedLog(machine.clock(), machine.name(), "shell");
    }

    /** Shell of a new plugin instance on a device. */
    public ShellImpl newShell(PciDevice device, String plugin) {
        // An eighth of the buffers stays for transmit, whatever receive rings want.
        return new ShellImpl(device, allocator, pool, ++instances, pool.size() / 8, machine.clock(),
                new RateLimitedLog(machine.clock(), machine.name(), plugin));
    }

    /** Ring size to ask for: two full receive rings and what is in flight have to fit the pool. */
    int ring() {
        return Math.min(PluginInstance.RING, pool.size() / 8);
    }
}
