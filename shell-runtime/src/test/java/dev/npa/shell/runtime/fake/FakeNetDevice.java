package dev.npa.shell.runtime.fake;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceEvents;
import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.RssConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The network device as an operating system sees it, with queues that the test fills and completes. */
public final class FakeNetDevice implements NetDevice {

    /** A packet that the operating system transmitted. */
    public record Sent(byte[] frame, int flags, long offload) {}

    private static final int DEVICE = 7;

    public final PacketPool pool;
    /** Packets that each queue takes before it is full. */
    public int ring = 64;
    public boolean up = true;
    public DeviceEvents events;
    private final NetBuffers buffers;
    private final DeviceStatistics statistics;
    private final List<List<Sent>> sent = new ArrayList<>();
    private final List<Deque<PacketBurst>> inFlight = new ArrayList<>();
    private final List<Deque<PacketBurst>> done = new ArrayList<>();
    private final List<Deque<PacketBurst>> arrived = new ArrayList<>();
    private final boolean[] armed;
    private final boolean[] refused;
    private final int queues;
    private RssConfig rss;

    public FakeNetDevice(FakeMachine machine, PhysicalAllocator allocator, int queues, int poolSize) {
        this.pool = new PacketPool(allocator, poolSize);
        this.queues = queues;
        this.buffers = new NetBuffers(pool, 0);
        this.statistics = new DeviceStatistics(queues);
        this.armed = new boolean[queues];
        this.refused = new boolean[queues];
        this.rss = queues == 1 ? null : RssConfig.spread(queues);
        for (int q = 0; q < queues; q++) {
            sent.add(new ArrayList<>());
            inFlight.add(new ArrayDeque<>());
            done.add(new ArrayDeque<>());
            arrived.add(new ArrayDeque<>());
        }
    }

    public List<Sent> sent(int queue) {
        return sent.get(queue);
    }

    /** Completes the oldest packets of a queue; false if there were fewer. */
    public boolean complete(int queue, int packets, boolean aborted) {
        for (int i = 0; i < packets; i++) {
            PacketBurst packet = inFlight.get(queue).poll();
            if (packet == null) {
                return false;
            }
            for (int s = 0; s < packet.size(); s++) {
                packet.flags(s, packet.flags(s) & PacketFlags.WHOLE | (aborted ? PacketFlags.ABORTED : 0));
            }
            done.get(queue).add(packet);
        }
        raise(queue);
        if (refused[queue]) {
            refused[queue] = false;
            events.transmitReady(queue);
        }
        return true;
    }

    /** A frame arrives in buffers of at most {@code piece} bytes each; false if there is no buffer. */
    public boolean arrive(int queue, byte[] frame, int flags, long offload, int segments, int mss, int piece) {
        int count = (frame.length + piece - 1) / piece;
        if (pool.available() < count) {
            return false;
        }
        PacketBurst packet = new PacketBurst(count);
        for (int at = 0; at < frame.length; at += piece) {
            int handle = pool.take(DEVICE);
            int size = Math.min(piece, frame.length - at);
            pool.memory().copyFrom(pool.address(handle), frame, at, size);
            packet.add(pool.address(handle), handle, size, 0);
        }
        packet.flags(0, flags | PacketFlags.SOP);
        packet.flags(count - 1, packet.flags(count - 1) | PacketFlags.EOP);
        packet.packetLength(0, frame.length);
        packet.offload(0, offload);
        packet.lro(0, segments, mss);
        arrived.get(queue).add(packet);
        raise(queue);
        return true;
    }

    private void raise(int queue) {
        if (armed[queue]) {
            armed[queue] = false;
            events.interrupt(queue);
        }
    }

    public boolean isArmed(int queue) {
        return armed[queue];
    }

    /** Packets that wait in a receive ring. */
    public int waiting(int queue) {
        return arrived.get(queue).size();
    }

    @Override
    public MacAddress mac() {
        return new MacAddress(0x020000000001L);
    }

    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public int queues() {
        return queues;
    }

    @Override
    public LinkState link() {
        return new LinkState(up, up ? 10_000 : 0);
    }

    @Override
    public NetBuffers buffers() {
        return buffers;
    }

    @Override
    public int transmit(int queue, PacketBurst burst, int from, int to) {
        int at = from;
        while (at < to && inFlight.get(queue).size() < ring) {
            int end = at;
            while ((burst.flags(end) & PacketFlags.EOP) == 0) {
                end++;
            }
            end++;
            take(queue, burst, at, end);
            at = end;
        }
        refused[queue] = at < to;
        return at;
    }

    private void take(int queue, PacketBurst burst, int first, int end) {
        PacketBurst packet = new PacketBurst(end - first);
        byte[] frame = new byte[burst.packetLength(first)];
        int length = 0;
        for (int i = first; i < end; i++) {
            if (!pool.pass(burst.handle(i), PacketPool.STACK, DEVICE)) {
                throw new AssertionError("buffer " + burst.handle(i) + " was transmitted but is not held");
            }
            pool.memory().copyTo(burst.address(i), frame, length, burst.length(i));
            length += burst.length(i);
            packet.addFrom(burst, i);
        }
        if (length != frame.length) {
            throw new AssertionError("segments of " + length + " bytes make a packet of " + frame.length);
        }
        inFlight.get(queue).add(packet);
        sent.get(queue).add(new Sent(frame, burst.flags(first) & ~PacketFlags.WHOLE, burst.offload(first)));
    }

    @Override
    public int reclaim(int queue, PacketBurst into, int budget) {
        int packets = pour(done.get(queue), into, budget);
        return packets;
    }

    @Override
    public int receive(int queue, PacketBurst into, int budget) {
        return pour(arrived.get(queue), into, budget);
    }

    private int pour(Deque<PacketBurst> from, PacketBurst into, int budget) {
        int packets = 0;
        while (packets < budget && !from.isEmpty() && into.room() >= from.peek().size()) {
            PacketBurst packet = from.remove();
            for (int i = 0; i < packet.size(); i++) {
                if (!pool.pass(packet.handle(i), DEVICE, PacketPool.STACK)) {
                    throw new AssertionError("buffer " + packet.handle(i) + " is not the device's");
                }
                into.addFrom(packet, i);
            }
            packets++;
        }
        return packets;
    }

    @Override
    public void enableInterrupt(int queue) {
        if (arrived.get(queue).isEmpty() && done.get(queue).isEmpty()) {
            armed[queue] = true;
        } else {
            events.interrupt(queue);
        }
    }

    @Override
    public void rss(RssConfig config) {
        rss = config;
    }

    @Override
    public RssConfig rss() {
        return rss;
    }

    @Override
    public DeviceStatistics statistics() {
        return statistics;
    }

    /** Frees what the rings hold, so that what is missing in the pool is the operating system's. */
    public void reset() {
        pool.reclaim(DEVICE);
        Arrays.asList(inFlight, done, arrived).forEach(lists -> lists.forEach(Deque::clear));
    }
}
