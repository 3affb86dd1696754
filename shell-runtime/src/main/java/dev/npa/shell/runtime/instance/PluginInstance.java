package dev.npa.shell.runtime.instance;

import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.netdev.DeviceEvents;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.offload.TxLimits;
import dev.npa.shell.runtime.path.DataPath;
import dev.npa.shell.runtime.path.DataPaths;
import java.util.EnumSet;
import java.util.Set;

/**
 * A plugin with its box and its data paths, one a queue pair. Every call into the plugin outside of the queues goes
 * through here; what the plugin throws passes through to the caller, who drops the instance.
 */
public final class PluginInstance {

    /** Most packets of one queue call. */
    public static final int BURST = 32;
    /** Ring size that is asked for, in descriptors. */
    public static final int RING = 512;

    private static final DataPath[] NONE = {};

    private final String name;
    private final int slot;
    private final ShellImpl shell;
    private final Plugin plugin;
    private final DataPaths maker;
    private PluginCapabilities capabilities;
    private Set<Feature> features = Set.of();
    private DataPath[] paths = NONE;
    private TxLimits limits;
    private InterruptGate gate;
    private int vectors;
    private int queues;
    private int ringSize;
    private boolean ownHash;

    /**
     * Boxes a plugin.
     *
     * @param name for logs and reasons, as {@code niantic 1.0.0}
     * @param slot plugin slot; -1 = the emulation
     * @param maker makes its data paths
     */
    public PluginInstance(String name, int slot, ShellImpl shell, Plugin plugin, DataPaths maker) {
        this.name = name;
        this.slot = slot;
        this.shell = shell;
        this.plugin = plugin;
        this.maker = maker;
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

    /** {@link #configure} and {@link #start}. */
    public void bringUp(DeviceSettings settings, int pairs, int ring, PacketPool pool) {
        configure(settings, pairs, ring);
        start(settings, pool);
    }

    /**
     * Configures the plugin with everything that it can do.
     *
     * @param settings what the operating system wants
     * @param pairs most queue pairs: what the device has
     * @param ring descriptors that are wanted for each ring
     */
    public void configure(DeviceSettings settings, int pairs, int ring) {
        capabilities = plugin.capabilities();
        ringSize = capabilities.ringSize(ring);
        queues = Math.max(1, Math.min(Math.min(settings.queues(), pairs),
                Math.min(capabilities.maxTxQueues(), capabilities.maxRxQueues())));
        vectors = Math.min(queues, Math.min(capabilities.vectors(), shell.vectors()));
        features = wanted(settings, queues);
        plugin.configure(new PluginConfig(queues, queues, ringSize, ringSize, settings.mtu(), vectors, features));
    }

    /** Starts the configured plugin, interrupts masked. */
    public void start(DeviceSettings settings, PacketPool pool) {
        plugin.start();
        DataPath[] made = new DataPath[queues];
        for (int q = 0; q < queues; q++) {
            made[q] = maker.make(plugin.txQueue(q), plugin.rxQueue(q), shell.instance(), pool, ringSize);
        }
        limits = new TxLimits(capabilities, features, ringSize, settings.maxFrame());
        gate = new InterruptGate(plugin, settings.queues(), queues, vectors);
        paths = made;
    }

    private Set<Feature> wanted(DeviceSettings settings, int pairs) {
        Set<Feature> wanted = EnumSet.allOf(Feature.class);
        wanted.retainAll(capabilities.features());
        wanted.removeAll(settings.without());
        if (pairs == 1) {
            wanted.remove(Feature.RSS);
        }
        if (!wanted.contains(Feature.RX_SCATTER)) {
            wanted.remove(Feature.LRO);
        }
        // Without these a jumbo MTU cannot work: asked for even if not declared, so that configure says so.
        if (settings.mtu() > 1500) {
            wanted.add(Feature.JUMBO);
        } else {
            wanted.remove(Feature.JUMBO);
        }
        if (settings.maxFrame() > PacketPool.CAPACITY) {
            wanted.add(Feature.RX_SCATTER);
            wanted.add(Feature.SCATTER_GATHER);
        }
        return wanted;
    }

    /** The device hashes with another key or table than the operating system wants. */
    public void hashesItsOwnWay(boolean own) {
        ownHash = own;
    }

    public boolean hashesItsOwnWay() {
        return ownHash;
    }

    /** Whether a feature is in force. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** The data paths; none before {@link #bringUp}. */
    public DataPath[] paths() {
        return paths;
    }

    /** Whether {@link #bringUp} succeeded. */
    public boolean isUp() {
        return paths != NONE;
    }

    /** What its transmit queues take. */
    public TxLimits limits() {
        return limits;
    }

    /** Whether it has vectors for its queues; else it is polled. */
    public boolean hasVectors() {
        return vectors > 0;
    }

    /** Reads a counter of the device. */
    public long counter(DeviceCounter counter) {
        return plugin.counter(counter);
    }

    /** Serves a vector of the device: masks it at the plugin; polling unmasks it. */
    public void onInterrupt(int vector, DeviceEvents events) {
        if (isUp() && vector < vectors) {
            gate.fired(vector, events);
        }
    }

    /** Polling of one of the operating system's queues is over. */
    public void pollingOver(int queue) {
        gate.done(queue);
    }

    /** Asks the plugin to come to rest; see {@link Plugin#quiesce}. */
    public boolean quiesce() {
        return plugin.quiesce();
    }

    /** Stops the plugin; what it gives back is to be reclaimed from the paths. */
    public void stop() {
        plugin.stop();
    }

    /** Closes the plugin. */
    public void close() {
        plugin.close();
    }
}
