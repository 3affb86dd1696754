package dev.npa.shell.runtime.stack;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.channel.WorkloadChannel;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;

/**
 * Receive half of the stack: takes packets from the device and hands them to the channel. While the channel is full
 * the packets stay in one burst here, and nothing more is taken from the device: back-pressure, not loss.
 */
final class ReceiveSide {

    /** The RX bits of {@link PacketFlags}. */
    private static final int RESULTS = 0xFFFF_0000;

    private final NetDevice device;
    private final NetBuffers buffers;
    private final PacketBurst backlog;
    private int next;
    private int queue;

    ReceiveSide(NetDevice device, int burst) {
        this.device = device;
        this.buffers = device.buffers();
        this.backlog = new PacketBurst((burst + 1) * NetDevice.RECEIVE_SEGMENTS);
    }

    boolean hasBacklog() {
        return next < backlog.size();
    }

    /**
     * Takes packets from a queue; only without backlog.
     *
     * @return packets taken
     */
    int receive(int from, int budget) {
        backlog.clear();
        next = 0;
        queue = from;
        return device.receive(from, backlog, budget);
    }

    /**
     * Hands the backlog over as far as there is room, and frees the buffers.
     *
     * @param channel where to; null = nobody is there, the packets are dropped and counted
     * @return packets handed over or dropped
     */
    int deliver(WorkloadChannel channel) {
        int packets = 0;
        while (hasBacklog()) {
            int end = endOfPacket();
            int length = length(end);
            if (channel == null || length > channel.maxFrame()) {
                device.statistics().queue(queue).add(Counter.RX_DROPPED_OS, 1);
            } else {
                long frame = channel.reserve(length);
                if (frame == 0) {
                    break;
                }
                copy(frame, end);
                int lro = backlog.segments(next) << 16 | backlog.mss(next);
                int flags = backlog.flags(next) & RESULTS;
                channel.commit(length, flags, backlog.offload(next), (flags & PacketFlags.RX_LRO) != 0 ? lro : 0,
                        queue);
            }
            release(end);
            packets++;
        }
        return packets;
    }

    /** One past the last entry of the packet at {@link #next}. */
    private int endOfPacket() {
        int i = next;
        while ((backlog.flags(i) & PacketFlags.EOP) == 0) {
            i++;
        }
        return i + 1;
    }

    private int length(int end) {
        int length = 0;
        for (int i = next; i < end; i++) {
            length += backlog.length(i);
        }
        return length;
    }

    private void copy(long frame, int end) {
        long to = frame;
        for (int i = next; i < end; i++) {
            buffers.memory().copy(backlog.address(i), to, backlog.length(i));
            to += backlog.length(i);
        }
    }

    private void release(int end) {
        for (int i = next; i < end; i++) {
            buffers.free(backlog.handle(i));
        }
        next = end;
    }

    /** Frees the backlog. */
    void close() {
        if (hasBacklog()) {
            release(backlog.size());
        }
    }
}
