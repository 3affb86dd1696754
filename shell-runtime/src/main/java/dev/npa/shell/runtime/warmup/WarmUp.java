package dev.npa.shell.runtime.warmup;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.ScratchDevice;
import dev.npa.shell.ShellException;
import dev.npa.shell.ShellLog;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.path.DataPaths;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;

/**
 * One plugin's warm-up: a second instance of it, in a box of its own, over the image's scratch device. Memory comes from
 * the guest's and goes back at {@link #close}.
 *
 * <p>Whatever the plugin or its scratch device throws passes through.
 */
public final class WarmUp implements AutoCloseable {

    private static final int ARENA = 4 << 20;
    private static final int BUFFERS = 1024;
    private static final int RING = 256;
    /** Time that one {@link #step} takes from the traffic, where time passes. */
    private static final long SLICE_NANOS = 100_000;
    /** A warm-up that takes longer is over all the same: a busy machine must not cost a VM its switchover. */
    private static final long LIMIT_NANOS = 500_000_000;
    /** Packets of one step, where time stands still while it runs. */
    private static final int MOST = 4096;

    private final PhysicalAllocator guest;
    private final long arena;
    private final Clock clock;
    private final DmaMemory window;
    private final PciDevice pci;
    private final ShellImpl shell;
    private final PluginInstance plugin;
    private final ScratchTraffic traffic;
    private final long since;
    private long left;

    private WarmUp(PhysicalAllocator guest, long arena, Clock clock, ScratchDevice device, DmaMemory window,
            PciIdentity identity, PhysicalAllocator allocator, ShellLog log, PluginFactory factory, DataPaths paths,
            DeviceSettings settings, long packets) {
        this.guest = guest;
        this.arena = arena;
        this.clock = clock;
        this.window = window;
        PacketPool pool = new PacketPool(allocator, BUFFERS);
        pci = PciDevice.enable(new ScratchFunction(identity, device), 0, new InterruptVectors(null), vector -> { });
        shell = new ShellImpl(pci, allocator, pool, 1, BUFFERS / 8, new ScratchClock(), log);
        plugin = up(factory, paths, settings, pool);
        traffic = new ScratchTraffic(plugin, device, pool);
        left = packets;
        since = clock.nanos();
    }

    private PluginInstance up(PluginFactory factory, DataPaths paths, DeviceSettings settings, PacketPool pool) {
        try {
            PluginInstance made = new PluginInstance("warm-up", 0, shell, factory.create(shell), paths);
            made.bringUp(new DeviceSettings(settings.mtu(), 1, null, settings.without()), 1, RING, pool);
            return made;
        } catch (Throwable t) {
            shell.close(); // no handle to memory that is about to be the guest's again
            throw t;
        }
    }

    /**
     * Brings a plugin up on its scratch device.
     *
     * @param guest the guest's memory
     * @param clock the machine's clock
     * @param paths makes the data paths that the plugin will have when it carries, so that they are warmed as well
     * @param settings of the operating system's device
     * @param packets how many are to be received and sent
     * @return null if the image has no scratch device, or the guest no memory to spare: the plugin stays cold
     */
    public static WarmUp of(PluginFactory factory, PciIdentity identity, PhysicalAllocator guest, Clock clock,
            DataPaths paths, DeviceSettings settings, long packets, ShellLog log) {
        long arena;
        try {
            arena = guest.allocate(ARENA, 4096);
        } catch (ShellException e) {
            log.info("no warm-up: " + e.getMessage());
            return null;
        }
        DmaMemory window = null;
        try {
            PhysicalMemory memory = guest.memory().slice(arena, ARENA);
            window = memory.window(arena, ARENA);
            ScratchDevice device = factory.scratchDevice(identity, window);
            if (device != null) {
                WarmUp made = new WarmUp(guest, arena, clock, device, window, identity, new PhysicalAllocator(memory),
                        log, factory, paths, settings, packets);
                arena = 0;
                return made;
            }
            return null;
        } finally {
            if (arena != 0) {
                if (window != null) {
                    window.revoke();
                }
                guest.free(arena);
            }
        }
    }

    /**
     * Goes on for a slice of time.
     *
     * @return whether the warm-up is over: all packets went through, or half a second passed
     */
    public boolean step() {
        long end = clock.nanos() + SLICE_NANOS;
        int most = (int) Math.min(left, MOST);
        int count = 0;
        do {
            count += traffic.burst();
        } while (count < most && clock.nanos() < end);
        left -= count;
        return left <= 0 || clock.nanos() - since > LIMIT_NANOS;
    }

    /** Closes the scratch plugin and gives everything back. */
    @Override
    public void close() {
        try {
            plugin.stop();
            plugin.close();
        } finally {
            shell.close();
            pci.disable();
            window.revoke();
            guest.free(arena);
        }
    }
}
