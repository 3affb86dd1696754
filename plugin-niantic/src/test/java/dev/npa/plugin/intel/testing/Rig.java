package dev.npa.plugin.intel.testing;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A plugin of an image of the family, configured and started on a fake device. */
public final class Rig {

    public final FakeVf device;
    public final TestMachine machine;
    public final Plugin plugin;
    public final PacketBurst burst = new PacketBurst(256);
    /** What the last {@link #reclaim} or {@link #finish} was told, call by call: packets sent, minus packets not sent. */
    public final List<Integer> fates = new ArrayList<>();
    public TxQueue tx;
    public RxQueue rx;

    /** An 82599. */
    public Rig(PluginFactory factory) {
        this(factory, VfMap.NIANTIC, TestMachine.VF);
    }

    public Rig(PluginFactory factory, VfMap map, PciIdentity identity) {
        device = new FakeVf(map);
        machine = new TestMachine(device, identity);
        device.memory(machine.memory);
        plugin = factory.create(machine);
    }

    public static Set<Feature> all() {
        return EnumSet.complementOf(EnumSet.of(Feature.LRO));
    }

    public static PluginConfig config(int queues, int ringSize, int mtu, Set<Feature> features) {
        return new PluginConfig(queues, queues, ringSize, ringSize, mtu, 2, features);
    }

    public Rig running(int mtu, Set<Feature> features) {
        plugin.configure(config(1, 64, mtu, features));
        plugin.start();
        tx = plugin.txQueue(0);
        rx = plugin.rxQueue(0);
        return this;
    }

    public Rig running() {
        return running(1500, all());
    }

    /** Transmits what is in the burst and empties it; returns how many entries were taken. */
    public int transmit() {
        int taken = tx.transmit(burst, 0, burst.size());
        burst.clear();
        return taken;
    }

    /** Runs the device and reclaims everything into {@link #fates}. */
    public int finish() {
        device.transmit(Integer.MAX_VALUE);
        return reclaim(256);
    }

    /** Reclaims at most {@code budget} packets into {@link #fates}; returns how many there were, of either fate. */
    public int reclaim(int budget) {
        fates.clear();
        int left = budget;
        int n;
        while (left > 0 && (n = tx.reclaim(left)) != 0) {
            fates.add(n);
            left -= Math.abs(n);
        }
        return budget - left;
    }

    public long count(QueueCounter counter) {
        return tx.counter(counter);
    }

    public long countRx(QueueCounter counter) {
        return rx.counter(counter);
    }
}
