package dev.npa.shell.runtime.stack;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;

/**
 * Transmit half of the stack: copies records into packet buffers and offers them to a data path. What a full ring did
 * not take stays here, in order, and goes out first the next time, also when another plugin carries the path by then.
 */
final class TransmitSide {

    /** The wire wants 60 bytes; buffers are zero up to there, so that any plugin's minimum can be met. */
    private static final int SHORTEST = 60;

    private final PacketPool pool;
    private final NicStatistics statistics;
    private final int segments;
    private final PacketBurst pending;
    private int next;
    private int minFrame;

    TransmitSide(PacketPool pool, NicStatistics statistics, int burst, int segments) {
        this.pool = pool;
        this.statistics = statistics;
        this.segments = segments;
        this.pending = new PacketBurst(burst * segments);
    }

    /** Whether packets wait that a ring did not take. */
    boolean hasPending() {
        return next < pending.size();
    }

    /**
     * Copies records from the channel until the burst, the buffers or the budget are used up.
     *
     * @param maxFrame longest frame that is sent
     * @return records taken
     */
    int fill(WorkloadChannel channel, int maxFrame, int budget) {
        if (hasPending()) {
            return 0;
        }
        pending.clear();
        next = 0;
        int most = Math.min(channel.sendable(), budget);
        int taken = 0;
        while (taken < most && copy(channel.sendFrame(taken), channel.sendLength(taken), maxFrame)) {
            taken++;
        }
        if (taken > 0) {
            channel.taken(taken);
        }
        return taken;
    }

    /** Copies one record; false if there is no room for it now. */
    private boolean copy(long frame, int length, int maxFrame) {
        if (length < 14 || length > maxFrame) {
            statistics.txRefused++;
            return true;
        }
        int count = (length + PacketPool.CAPACITY - 1) / PacketPool.CAPACITY;
        if (pending.room() < count || pool.available() < count || count > segments) {
            return false;
        }
        int first = pending.size();
        for (int done = 0; done < length; done += PacketPool.CAPACITY) {
            int part = Math.min(PacketPool.CAPACITY, length - done);
            int handle = pool.take(PacketPool.STACK);
            pool.memory().copy(frame + done, pool.address(handle), part);
            pending.add(pool.address(handle), handle, part, 0);
        }
        pending.flags(first, PacketFlags.SOP);
        int last = pending.size() - 1;
        pending.flags(last, pending.flags(last) | PacketFlags.EOP);
        pending.packetLength(first, length);
        if (length < SHORTEST) {
            pool.memory().fill(pending.address(first) + length, SHORTEST - length, (byte) 0);
            pad(first);
        }
        return true;
    }

    /** Sets the shortest frame that the plugin takes, up to 60 bytes, for what waits and what comes. */
    void minFrame(int bytes) {
        minFrame = Math.min(bytes, SHORTEST);
        for (int i = next; i < pending.size(); i++) {
            pad(i);
        }
    }

    private void pad(int i) {
        if (pending.flags(i) == PacketFlags.WHOLE && pending.length(i) < minFrame) {
            // The buffer is zero from the frame's end to byte 60.
            pending.length(i, minFrame);
            pending.packetLength(i, minFrame);
        }
    }

    /**
     * Offers what waits.
     *
     * @return entries taken
     */
    int send(DataPath path) {
        int from = next;
        // If the call throws, all that was offered has been handed over and is lost with the plugin.
        next = pending.size();
        next = path.transmit(pending, from, pending.size());
        for (int i = from; i < next; i++) {
            statistics.txBytes += pending.length(i);
        }
        return next - from;
    }

    /** Frees what waits. */
    void close() {
        for (; next < pending.size(); next++) {
            pool.free(pending.handle(next), PacketPool.STACK);
        }
    }
}
