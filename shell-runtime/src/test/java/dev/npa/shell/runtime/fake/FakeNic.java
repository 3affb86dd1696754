package dev.npa.shell.runtime.fake;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Feature;
import dev.npa.shell.PacketFlags;
import dev.npa.testimage.TestPlugin;
import dev.npa.testimage.TestQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The device that {@link TestPlugin} drives. Frames to send go on the wire, and are completed, when the test says so;
 * arrived frames go into posted buffers at once as long as there are any, and wait in the device otherwise. What it
 * does with requests is {@link Reference}; a request that it cannot meet is a violation.
 */
public final class FakeNic extends FakePci {

    public static final PciIdentity IDENTITY = new PciIdentity(0x1234, 0x0001, 0, 0, 0);
    private static final int QUEUES = 8;
    private static final int BUFFER = 2048;

    /** A frame that arrives, with what the device says of it. */
    public record Arrival(byte[] frame, int flags, long offload) {}

    private record Packet(byte[] bytes, int flags, long offload) {}

    private static final class Queue {
        final Deque<Packet> sending = new ArrayDeque<>();
        final Deque<Long> buffers = new ArrayDeque<>();
        final Deque<int[]> filled = new ArrayDeque<>();
        final Deque<Arrival> filledHeads = new ArrayDeque<>();
        final Deque<Arrival> arrived = new ArrayDeque<>();
        byte[] partial = {};
        long txAddress;
        int segments;
        int txFlags;
        long txOffload;
        int rxLow;
        int done;
        int vector;
    }

    private final PhysicalMemory memory;
    private final Consumer<byte[]> wire;
    private final Queue[] queues = new Queue[QUEUES];
    private final boolean[] masked = new boolean[16];
    private final boolean[] pending = new boolean[16];
    private boolean enabled;
    private int next;
    public int fault;
    public int queuePairs = 1;
    public Set<Feature> features = EnumSet.of(Feature.SCATTER_GATHER, Feature.JUMBO, Feature.RX_SCATTER);
    public int maxSegments = 8;
    public int maxTsoBytes;
    public int minFrame = 14;
    /** 32-bit register of the frames sent. */
    public int frames;
    public final List<String> violations = new ArrayList<>();

    public FakeNic(FakeMachine machine, Consumer<byte[]> wire) {
        super(IDENTITY, 10, machine);
        this.memory = machine.memory();
        this.wire = wire;
        Arrays.setAll(queues, q -> new Queue());
        Arrays.fill(masked, true);
    }

    /** Sends up to so many packets and completes them, one of each queue in turn. */
    public void progress(int packets) {
        for (int i = 0, idle = 0; i < packets && idle < QUEUES; next = (next + 1) % QUEUES) {
            Queue queue = queues[next];
            if (queue.sending.isEmpty()) {
                idle++;
                continue;
            }
            Packet packet = queue.sending.remove();
            for (byte[] frame : Reference.apply(packet.bytes, packet.flags, packet.offload)) {
                wire.accept(frame);
                frames++;
            }
            queue.done++;
            signal(queue);
            idle = 0;
            i++;
        }
    }

    /** Packets that the driver gave it and that are not sent. */
    public int sending() {
        return Arrays.stream(queues).mapToInt(q -> q.sending.size()).sum();
    }

    public int sending(int queue) {
        return queues[queue].sending.size();
    }

    /** A frame arrives through queue 0, nothing said about it. */
    public void arrive(byte[] frame) {
        arrive(0, new Arrival(frame, 0, 0));
    }

    public void arrive(int queue, Arrival arrival) {
        queues[queue].arrived.add(arrival);
        fill(queues[queue]);
    }

    /** Whether everything that arrived was taken by the driver. */
    public boolean isDrained() {
        return waiting() == 0 && Arrays.stream(queues).allMatch(q -> q.filled.isEmpty());
    }

    /** Frames that no buffer was there for yet. */
    public int waiting() {
        return Arrays.stream(queues).mapToInt(q -> q.arrived.size()).sum();
    }

    public boolean isEnabled() {
        return enabled;
    }

    public boolean isMasked(int vector) {
        return masked[vector];
    }

    private void fill(Queue queue) {
        while (enabled && isBusMaster() && !queue.arrived.isEmpty()) {
            byte[] frame = queue.arrived.peek().frame;
            int needed = (frame.length + BUFFER - 1) / BUFFER;
            if (queue.buffers.size() < needed) {
                return;
            }
            for (int i = 0; i < needed; i++) {
                int part = Math.min(BUFFER, frame.length - i * BUFFER);
                memory.copyFrom(queue.buffers.remove(), frame, i * BUFFER, part);
                queue.filled.add(new int[] {part | (i == needed - 1 ? 1 << 16 : 0), i});
            }
            queue.filledHeads.add(queue.arrived.remove());
            signal(queue);
        }
    }

    private void signal(Queue queue) {
        pending[queue.vector] = true;
        deliver(queue.vector);
    }

    private void deliver(int vector) {
        if (pending[vector] && !masked[vector]) {
            pending[vector] = false;
            raise(vector);
        }
    }

    @Override
    protected int read(int offset) {
        switch (offset) {
            case TestPlugin.FAULT:
                return fault;
            case TestPlugin.QUEUES:
                return queuePairs;
            case TestPlugin.FEATURES:
                return features.stream().mapToInt(f -> 1 << f.ordinal()).sum();
            case TestPlugin.SEGMENTS:
                return maxSegments;
            case TestPlugin.TSO_BYTES:
                return maxTsoBytes;
            case TestPlugin.FRAMES:
                return frames;
            case TestPlugin.MIN_FRAME:
                return minFrame;
            default:
                return read(queues[offset / TestQueue.BANK], offset % TestQueue.BANK);
        }
    }

    private static int read(Queue queue, int register) {
        Arrival head = queue.filledHeads.peek();
        return switch (register) {
            case TestQueue.TX_DONE -> queue.done;
            case TestQueue.RX_LENGTH -> {
                int[] buffer = queue.filled.poll();
                if (buffer != null && (buffer[0] & 1 << 16) != 0) {
                    queue.filledHeads.remove();
                }
                yield buffer == null ? 0 : buffer[0];
            }
            case TestQueue.RX_FLAGS -> head == null ? 0 : head.flags;
            case TestQueue.RX_OFFLOAD_LO -> head == null ? 0 : (int) head.offload;
            case TestQueue.RX_OFFLOAD_HI -> head == null ? 0 : (int) (head.offload >>> 32);
            default -> throw new dev.npa.hw.AccessFault("register " + register);
        };
    }

    @Override
    protected void write(int offset, int value) {
        if (offset == TestPlugin.ENABLE) {
            enabled = value == 1;
            for (Queue queue : queues) {
                queue.buffers.clear();
                queue.filled.clear();
                queue.filledHeads.clear();
                queue.sending.clear();
                queue.done = 0;
            }
        } else if (offset >= TestPlugin.MASK) {
            int vector = (offset - TestPlugin.MASK) / 4;
            masked[vector] = value == 1;
            deliver(vector);
        } else {
            write(queues[offset / TestQueue.BANK], offset % TestQueue.BANK, value);
        }
    }

    private void write(Queue queue, int register, int value) {
        switch (register) {
            case TestQueue.TX_LO -> queue.txAddress = Integer.toUnsignedLong(value);
            case TestQueue.TX_HI -> queue.txAddress |= (long) value << 32;
            case TestQueue.TX_LENGTH -> segment(queue, value & 0xFFFF, (value & 1 << 16) != 0);
            case TestQueue.TX_FLAGS -> queue.txFlags = value & ~PacketFlags.WHOLE;
            case TestQueue.TX_OFFLOAD_LO -> queue.txOffload = Integer.toUnsignedLong(value);
            case TestQueue.TX_OFFLOAD_HI -> queue.txOffload |= (long) value << 32;
            case TestQueue.RX_LO -> queue.rxLow = value;
            case TestQueue.RX_HI -> {
                queue.buffers.add((long) value << 32 | Integer.toUnsignedLong(queue.rxLow));
                fill(queue);
            }
            case TestQueue.VECTOR -> queue.vector = value;
            default -> throw new dev.npa.hw.AccessFault("register " + register);
        }
    }

    private void segment(Queue queue, int length, boolean end) {
        byte[] joined = Arrays.copyOf(queue.partial, queue.partial.length + length);
        memory.copyTo(queue.txAddress, joined, queue.partial.length, length);
        queue.partial = joined;
        queue.segments++;
        if (end) {
            check(queue, joined.length);
            queue.sending.add(new Packet(joined, queue.txFlags, queue.txOffload));
            queue.partial = new byte[0];
            queue.segments = 0;
        }
    }

    private void check(Queue queue, int length) {
        int flags = queue.txFlags;
        boolean tso = (flags & PacketFlags.TX_TSO) != 0;
        int most = tso ? maxTsoBytes : 9018;
        if (queue.segments > maxSegments || length > most || length < minFrame) {
            violations.add(length + " bytes in " + queue.segments + " segments");
        }
        need(tso && (flags & PacketFlags.TX_IPV4) != 0, Feature.TSO_V4);
        need(tso && (flags & PacketFlags.TX_IPV6) != 0, Feature.TSO_V6);
        need((flags & PacketFlags.TX_VLAN) != 0, Feature.VLAN_INSERT);
        need(!tso && (flags & PacketFlags.TX_IP_CHECKSUM) != 0, Feature.TX_IP_CHECKSUM);
        need(!tso && (flags & (PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM)) != 0,
                Feature.TX_L4_CHECKSUM);
    }

    private void need(boolean requested, Feature feature) {
        if (requested && !features.contains(feature)) {
            violations.add(feature + " was requested");
        }
    }
}
