package dev.npa.shell.runtime.stack;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;

/**
 * Receive half of the stack: takes packets from a data path and hands them to the channel. While the channel is full
 * the packets stay in one burst here, and nothing more is taken from the ring: back-pressure, not loss.
 */
final class ReceiveSide {

    private final PacketPool pool;
    private final NicStatistics statistics;
    private final PacketBurst backlog;
    private int next;

    ReceiveSide(PacketPool pool, NicStatistics statistics, int burst, int segments) {
        this.pool = pool;
        this.statistics = statistics;
        this.backlog = new PacketBurst(burst * segments);
    }

    boolean hasBacklog() {
        return next < backlog.size();
    }

    /**
     * Takes packets from the ring; only without backlog.
     *
     * @return packets taken
     */
    int receive(DataPath path, int budget) {
        backlog.clear();
        next = 0;
        return path.receive(backlog, budget);
    }

    /**
     * Hands the backlog over as far as there is room, and frees the buffers.
     *
     * @param channel where to; null = nobody is there, the packets are dropped and counted
     * @return packets handed over or dropped
     */
    int deliver(WorkloadChannel channel) {
        if (!hasBacklog()) {
            return 0;
        }
        int room = channel == null ? Integer.MAX_VALUE : channel.room();
        int maxFrame = channel == null ? 0 : channel.maxFrame();
        int packets = 0;
        int frames = 0;
        while (hasBacklog() && frames < room) {
            int end = endOfPacket();
            int length = length(end);
            if (length > maxFrame) {
                statistics.rxDropped++;
            } else {
                copy(channel.receiveFrame(frames), end);
                channel.receiveLength(frames, length);
                frames++;
                statistics.rxPackets++;
                statistics.rxBytes += length;
            }
            release(end);
            packets++;
        }
        if (frames > 0) {
            channel.produced(frames);
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
            pool.memory().copy(backlog.address(i), to, backlog.length(i));
            to += backlog.length(i);
        }
    }

    private void release(int end) {
        for (int i = next; i < end; i++) {
            pool.free(backlog.handle(i), PacketPool.STACK);
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
