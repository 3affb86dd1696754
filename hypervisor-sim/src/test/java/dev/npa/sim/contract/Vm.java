package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.host.BareMachine;
import java.util.ArrayList;
import java.util.List;

/** A guest's data path: packets of bytes go in and come out. */
final class Vm {

    /** Bytes of packets that may wait for completion at a time. */
    static final int SCRATCH = 4 << 20;
    private static final int BURST = 512;

    /**
     * A packet for a plugin.
     *
     * @param cuts where segments end, apart from the last
     */
    record Outgoing(byte[] bytes, int flags, long offload, int... cuts) {
        static Outgoing plain(byte[] bytes, int... cuts) {
            return new Outgoing(bytes, 0, 0, cuts);
        }
    }

    /** A packet as a plugin reported it. */
    record Incoming(byte[] bytes, int flags, int vlan, int hash, int segments, int mss, int buffers, int queue) {
        boolean has(int flag) {
            return (flags & flag) == flag;
        }
    }

    final BareMachine machine;
    final Plugin plugin;
    final MacAddress mac;
    final PluginConfig config;
    private final Bench bench;
    private final long scratch;
    private int used;
    private int sent;
    private int aborted;
    private int nextHandle;

    Vm(Bench bench, BareMachine machine, Plugin plugin, MacAddress mac, PluginConfig config) {
        this.bench = bench;
        this.machine = machine;
        this.plugin = plugin;
        this.mac = mac;
        this.config = config;
        this.scratch = machine.reserve(SCRATCH);
    }

    TxQueue tx(int queue) {
        return plugin.txQueue(queue);
    }

    RxQueue rx(int queue) {
        return plugin.rxQueue(queue);
    }

    private long place(byte[] bytes, int from, int length) {
        if (used + length + 16 > SCRATCH) {
            throw new IllegalStateException("packets of " + used + " bytes wait for completion");
        }
        long at = scratch + used;
        machine.memory().copyFrom(at, bytes, from, length);
        used += length + 1 + nextHandle % 13; // any alignment
        return at;
    }

    /** Sends through queue 0. */
    void send(Outgoing... packets) {
        send(0, packets);
    }

    /** Sends packets and waits until the device is done with them. */
    void send(int queue, Outgoing... packets) {
        offer(queue, packets);
        bench.settle();
        reclaim(queue);
        assertEquals(0, tx(queue).outstanding(), () -> bench + ": packets that never complete");
    }

    /** Gives packets to the plugin. */
    void offer(int queue, Outgoing... packets) {
        for (Outgoing packet : packets) {
            PacketBurst out = new PacketBurst(packet.cuts.length + 1);
            int from = 0;
            for (int i = 0; i <= packet.cuts.length; i++) {
                int to = i < packet.cuts.length ? packet.cuts[i] : packet.bytes.length;
                int flags = (i == 0 ? PacketFlags.SOP | packet.flags : 0)
                        | (i == packet.cuts.length ? PacketFlags.EOP : 0);
                out.add(place(packet.bytes, from, to - from), nextHandle++, to - from, flags);
                from = to;
            }
            out.offload(0, packet.offload);
            out.packetLength(0, packet.bytes.length);
            for (int i = 0; tx(queue).transmit(out, 0, out.size()) == 0; i++) {
                assertTrue(i < 1000, () -> bench + ": a packet is never taken");
                bench.settle();
                reclaim(queue);
            }
        }
    }

    void reclaim(int queue) {
        for (int fate = tx(queue).reclaim(BURST); fate != 0; fate = tx(queue).reclaim(BURST)) {
            sent += Math.abs(fate);
            aborted += Math.max(0, -fate);
        }
        boolean idle = true;
        for (int q = 0; q < config.txQueues(); q++) {
            idle &= tx(q).outstanding() == 0;
        }
        if (idle) {
            used = 0;
        }
    }

    /** Packets that were completed so far. */
    int completed() {
        return sent;
    }

    /** Those among them that were not sent. */
    int aborted() {
        return aborted;
    }

    List<Incoming> receive(int queue) {
        List<Incoming> all = new ArrayList<>();
        PacketBurst in = new PacketBurst(BURST);
        do {
            in.clear();
            rx(queue).receive(in, BURST / 4);
            for (int i = 0; i < in.size(); i++) {
                if ((in.flags(i) & PacketFlags.SOP) != 0) {
                    all.add(incoming(in, i, queue));
                }
            }
            machine.pool().give(in, 0, in.size());
        } while (!in.isEmpty());
        return all;
    }

    /** What all queues have. */
    List<Incoming> receive() {
        List<Incoming> all = new ArrayList<>();
        for (int q = 0; q < config.rxQueues(); q++) {
            all.addAll(receive(q));
        }
        return all;
    }

    private Incoming incoming(PacketBurst in, int first, int queue) {
        byte[] bytes = new byte[in.packetLength(first)];
        int at = 0;
        int i = first;
        while (true) {
            assertTrue(in.length(i) <= machine.pool().bufferSize(), "rule 5.02");
            machine.memory().copyTo(in.address(i), bytes, at, in.length(i));
            at += in.length(i);
            if ((in.flags(i) & PacketFlags.EOP) != 0) {
                break;
            }
            i++;
        }
        assertEquals(bytes.length, at, () -> bench + ": the packet's length is that of its segments");
        boolean lro = (in.flags(first) & PacketFlags.RX_LRO) != 0;
        return new Incoming(bytes, in.flags(first), in.rxVlan(first), in.rxHash(first),
                lro ? in.segments(first) : 0, lro ? in.mss(first) : 0, i - first + 1, queue);
    }
}
