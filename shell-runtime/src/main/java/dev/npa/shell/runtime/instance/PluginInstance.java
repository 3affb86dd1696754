package dev.npa.shell.runtime.instance;

import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.stack.DataPath;
import dev.npa.shell.runtime.stack.NicStatistics;
import java.util.EnumSet;
import java.util.Set;

/**
 * A plugin with its box and its data path. Every call into the plugin outside of the queues goes through here; what the
 * plugin throws passes through to the caller, who drops the instance.
 */
public final class PluginInstance {

    /** Most packets of one queue call. */
    public static final int BURST = 32;
    /** Most segments of a packet: 9018 bytes in buffers of 2048. */
    public static final int SEGMENTS = 5;
    /** Ring size that is asked for, in descriptors. */
    public static final int RING = 512;

    private final String name;
    private final int slot;
    private final ShellImpl shell;
    private final Plugin plugin;
    private PluginCapabilities capabilities;
    private DataPath path;
    private int vectors;
    private boolean masked = true;

    /**
     * Boxes a plugin.
     *
     * @param name for logs and reasons, as {@code niantic 1.0.0}
     * @param slot plugin slot; -1 = the emulation
     */
    public PluginInstance(String name, int slot, ShellImpl shell, Plugin plugin) {
        this.name = name;
        this.slot = slot;
        this.shell = shell;
        this.plugin = plugin;
    }

    public String name() {
        return name;
    }

    /** Plugin slot; -1 = the emulation. */
    public int slot() {
        return slot;
    }

    public ShellImpl shell() {
        return shell;
    }

    /**
     * Configures and starts the plugin with one queue pair, interrupts masked.
     *
     * @param mtu largest payload
     * @param ring descriptors that are wanted for each ring
     */
    public void bringUp(int mtu, int ring, PacketPool pool, NicStatistics statistics) {
        capabilities = plugin.capabilities();
        int size = capabilities.ringSize(ring);
        vectors = Math.min(1, Math.min(capabilities.vectors(), shell.vectors()));
        plugin.configure(new PluginConfig(1, 1, size, size, mtu, vectors, features(mtu)));
        plugin.start();
        path = new DataPath(plugin.txQueue(0), plugin.rxQueue(0), shell.instance(), pool, statistics, BURST, SEGMENTS);
    }

    private Set<Feature> features(int mtu) {
        Set<Feature> wanted = EnumSet.of(Feature.SCATTER_GATHER);
        if (mtu > 1500) {
            // Without these a jumbo MTU cannot work: asked for even if not declared, so that configure says so.
            wanted.add(Feature.JUMBO);
            if (mtu + 18 > PacketPool.CAPACITY) {
                wanted.add(Feature.RX_SCATTER);
            }
        }
        if (mtu + 18 <= PacketPool.CAPACITY) {
            wanted.retainAll(capabilities.features());
        }
        return wanted;
    }

    /** The data path; null before {@link #bringUp}. */
    public DataPath path() {
        return path;
    }

    /** Shortest frame that the plugin takes. */
    public int minFrame() {
        return capabilities.minFrame();
    }

    /** Serves a vector of the device: masks it at the plugin; polling unmasks it. */
    public void onInterrupt(int vector) {
        if (path != null && vector < vectors) {
            plugin.onInterrupt(vector);
            // Also when the device did not raise it: one that masks by itself may have done so.
            masked = true;
        }
    }

    /** Unmasks the vectors after polling found nothing. */
    public void idle() {
        if (masked) {
            masked = false;
            for (int v = 0; v < vectors; v++) {
                plugin.enableInterrupt(v);
            }
        }
    }

    /** Asks the plugin to come to rest; see {@link Plugin#quiesce}. */
    public boolean quiesce() {
        return plugin.quiesce();
    }

    /**
     * Stops and closes the plugin in the orderly way, collecting what it gives back.
     *
     * @return transmit packets that it gave back unsent
     */
    public int stop() {
        plugin.stop();
        int aborted = 0;
        int n = path.reclaim(BURST);
        while (n > 0) {
            aborted += n;
            n = path.reclaim(BURST);
        }
        plugin.close();
        return aborted;
    }

    /** Closes a plugin that never carried traffic or failed before it did. */
    public void close() {
        plugin.close();
    }
}
