package dev.npa.plugin.vmxnet3;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Control;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A running plugin on a fake device, and short hands for bursts. */
final class Bench {

    final FakeShell shell = new FakeShell();
    final PacketBurst in = new PacketBurst(256);
    /** What the last {@link #reclaim} was told, in order: packets sent, minus packets that were not. */
    final List<Integer> fates = new ArrayList<>();
    Vmxnet3Control control;
    Vmxnet3Plugin plugin;

    static Set<Feature> all() {
        EnumSet<Feature> features = EnumSet.allOf(Feature.class);
        features.remove(Feature.TX_IP_CHECKSUM);
        return features;
    }

    static PluginConfig config(int ring, int mtu, Set<Feature> features) {
        return new PluginConfig(1, 1, ring, ring, mtu, 2, features);
    }

    /** One queue pair, ring size 32, MTU 1500, everything but LRO. */
    static Bench running() {
        return running(32, 1500);
    }

    static Bench running(int ring, int mtu) {
        Set<Feature> features = EnumSet.copyOf(all());
        features.remove(Feature.LRO);
        return new Bench().start(config(ring, mtu, features));
    }

    Bench start(PluginConfig config) {
        if (control == null) {
            control = Vmxnet3Control.open(shell);
        }
        plugin = new Vmxnet3Plugin(shell, control);
        plugin.configure(config);
        plugin.start();
        return this;
    }

    FakeRings rings() {
        return shell.device.rings[0];
    }

    int receive(int budget) {
        in.clear();
        return plugin.rxQueue(0).receive(in, budget);
    }

    /** Reclaims until nothing is left; returns the packets, of whatever fate. */
    int reclaim() {
        fates.clear();
        int packets = 0;
        for (int n = reclaimRun(); n != 0; n = reclaimRun()) {
            fates.add(n);
            packets += Math.abs(n);
        }
        return packets;
    }

    private int reclaimRun() {
        return plugin.txQueue(0).reclaim(Integer.MAX_VALUE);
    }

    /** Appends a packet of equal segments; handles count up from {@code handle}. */
    static int packet(PacketBurst burst, int handle, int segments, int length) {
        int first = burst.size();
        for (int i = 0; i < segments; i++) {
            int flags = (i == 0 ? PacketFlags.SOP : 0) | (i == segments - 1 ? PacketFlags.EOP : 0);
            burst.add(0x1_2345_0000L + 4096L * (handle + i), handle + i, length, flags);
        }
        burst.packetLength(first, segments * length);
        return first;
    }

    /** Sends one packet of so many segments; true when it was taken. */
    boolean send(int handle, int segments, int length) {
        PacketBurst burst = new PacketBurst(segments);
        packet(burst, handle, segments, length);
        return plugin.txQueue(0).transmit(burst, 0, segments) == segments;
    }

    static byte[] frame(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (seed * 31 + i);
        }
        return bytes;
    }

    /** Bytes of the packet that starts at an entry of {@link #in}. */
    byte[] bytesAt(int entry) {
        int length = in.packetLength(entry);
        byte[] bytes = new byte[length];
        int at = 0;
        for (int i = entry; at < length; i++) {
            shell.memory.copyTo(in.address(i), bytes, at, in.length(i));
            at += in.length(i);
        }
        return bytes;
    }
}
