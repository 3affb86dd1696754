package dev.npa.shell.runtime.linux;

import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.os.Sockets;

/** Received packets on their way to the sockets: one list a queue for what the sockets have no room for. */
final class SocketBacklog {

    private final Sockets sockets;
    private final NetBuffers buffers;
    private final SkBuffCache cache;
    private final DeviceStatistics statistics;
    private final SkBuffQueue[] lists;

    SocketBacklog(Sockets sockets, NetBuffers buffers, SkBuffCache cache, DeviceStatistics statistics, int queues) {
        this.sockets = sockets;
        this.buffers = buffers;
        this.cache = cache;
        this.statistics = statistics;
        this.lists = new SkBuffQueue[queues];
        for (int q = 0; q < queues; q++) {
            lists[q] = new SkBuffQueue();
        }
    }

    /** Hands a packet to the sockets, behind what waits of its queue. */
    void receive(SkBuff skb) {
        SkBuffQueue list = lists[skb.queueMapping];
        if (list.qlen() == 0 && deliver(skb)) {
            cache.free(skb);
        } else {
            list.enqueue(skb);
        }
    }

    /** Whether packets of this queue wait for room. */
    boolean isFull(int queue) {
        return lists[queue].qlen() > 0;
    }

    /**
     * Tries again with what waits.
     *
     * @return packets handed over
     */
    int drain() {
        int delivered = 0;
        for (SkBuffQueue list : lists) {
            while (list.peek() != null && deliver(list.peek())) {
                cache.free(list.dequeue());
                delivered++;
            }
        }
        return delivered;
    }

    /** Hands a packet over and frees its fragments; false if there is no room, the packet stays as it is then. */
    private boolean deliver(SkBuff skb) {
        if (!sockets.wants(skb.len)) {
            statistics.queue(skb.queueMapping).add(Counter.RX_DROPPED_OS, 1);
            release(skb);
            return true;
        }
        long to = sockets.reserve(skb.len);
        if (to == 0) {
            return false;
        }
        for (int i = 0; i < skb.nrFrags; i++) {
            sockets.write(skb.fragAddress[i], to, skb.fragSize[i]);
            to += skb.fragSize[i];
        }
        sockets.commit(skb.len, skb.results, Translation.receiveWord(skb), skb.gsoSegs << 16 | skb.gsoSize,
                skb.queueMapping);
        release(skb);
        return true;
    }

    private void release(SkBuff skb) {
        for (int i = 0; i < skb.nrFrags; i++) {
            buffers.free(skb.frag[i]);
        }
    }

    /** Frees what waits. */
    void purge() {
        for (SkBuffQueue list : lists) {
            for (SkBuff skb = list.dequeue(); skb != null; skb = list.dequeue()) {
                release(skb);
                cache.free(skb);
            }
        }
    }
}
