package dev.npa.plugin.broadcom.testing;

import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.broadcom.device.BroadcomPlugin;
import dev.npa.shell.PacketBurst;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A plugin, configured and started on a fake device. */
public final class Rig {

    public final Fake57712 device = new Fake57712();
    public final TestMachine machine = new TestMachine(device);
    public final Plugin plugin;
    public final PacketBurst burst = new PacketBurst(512);
    /** Answers of reclaim, since {@link #finish} was called last. */
    public final List<Integer> fates = new ArrayList<>();
    public TxQueue tx;
    public RxQueue rx;

    public Rig() {
        device.memory(machine.memory);
        plugin = new BroadcomPlugin(machine);
    }

    public static Set<Feature> all() {
        return EnumSet.allOf(Feature.class);
    }

    public static PluginConfig config(int queues, int ringSize, int mtu, Set<Feature> features) {
        return new PluginConfig(queues, queues, ringSize, ringSize, mtu, queues, features);
    }

    public Rig running(int ringSize, int mtu, Set<Feature> features) {
        plugin.configure(config(1, ringSize, mtu, features));
        plugin.start();
        tx = plugin.txQueue(0);
        rx = plugin.rxQueue(0);
        return this;
    }

    public Rig running() {
        return running(128, 1500, all());
    }

    /** Transmits what is in the burst and empties it; returns how many entries were taken. */
    public int transmit() {
        int taken = tx.transmit(burst, 0, burst.size());
        burst.clear();
        return taken;
    }

    /** Runs the device and reclaims everything into {@link #fates}; returns packets, sent or not. */
    public int finish() {
        device.transmit(Integer.MAX_VALUE);
        fates.clear();
        return reclaim(512);
    }

    /** Reclaims until nothing more comes or {@code budget} packets did; returns packets, sent or not. */
    public int reclaim(int budget) {
        int left = budget;
        for (int n = tx.reclaim(left); n != 0; n = left > 0 ? tx.reclaim(left) : 0) {
            fates.add(n);
            left -= Math.abs(n);
        }
        return budget - left;
    }

    /** Receives into an empty burst, which is returned. */
    public PacketBurst receive(int budget) {
        PacketBurst in = new PacketBurst(256);
        rx.receive(in, budget);
        return in;
    }

    /** Gives the buffers of a burst back to the pool. */
    public void recycle(PacketBurst in) {
        for (int i = 0; i < in.size(); i++) {
            machine.recycle(in.handle(i));
        }
    }

    /** The bytes of the packet that begins at {@code first}. */
    public byte[] bytes(PacketBurst in, int first) {
        byte[] all = new byte[in.packetLength(first)];
        int at = 0;
        for (int i = first; at < all.length; i++) {
            machine.memory.copyTo(in.address(i), all, at, in.length(i));
            at += in.length(i);
        }
        return all;
    }

    public long count(QueueCounter counter) {
        return tx.counter(counter);
    }

    public long countRx(QueueCounter counter) {
        return rx.counter(counter);
    }

    /** A frame with an Ethernet header: destination, source, EtherType 0x0800. */
    public static byte[] frame(int length, int seed) {
        byte[] bytes = TestMachine.bytes(length, seed);
        byte[] header = {2, 0x11, 0x22, 0x33, 0x44, 0x55, 2, (byte) 0xAA, (byte) 0xBB, (byte) 0xCC, (byte) 0xDD,
            (byte) 0xEE, 8, 0};
        System.arraycopy(header, 0, bytes, 0, Math.min(length, header.length));
        return bytes;
    }
}
