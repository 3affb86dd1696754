package dev.npa.shell.runtime.windows;

import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.os.Sockets;

/** The protocol driver above the miniport: makes lists of what applications send, keeps received ones until read. */
final class Protocol {

    /** Lists of a queue that may be pending before applications are not read any more. */
    private static final int MAX_PENDING = 256;

    private final Sockets sockets;
    private final NetBuffers buffers;
    private final NetBufferListPool pool;
    private final DeviceStatistics statistics;
    private final NetBufferListChain[] sending;
    private final NetBufferListChain[] received;
    private final int[] pending;
    private Miniport[] miniports = {};

    Protocol(Sockets sockets, NetBuffers buffers, NetBufferListPool pool, DeviceStatistics statistics, int queues) {
        this.sockets = sockets;
        this.buffers = buffers;
        this.pool = pool;
        this.statistics = statistics;
        this.pending = new int[queues];
        this.sending = chains(queues);
        this.received = chains(queues);
    }

    private static NetBufferListChain[] chains(int queues) {
        NetBufferListChain[] chains = new NetBufferListChain[queues];
        for (int q = 0; q < queues; q++) {
            chains[q] = new NetBufferListChain();
        }
        return chains;
    }

    /** Binds to the miniport's queues. */
    void bind(Miniport[] queues) {
        miniports = queues;
    }

    /**
     * Reads what applications send and hands it to the miniport, a chain a queue.
     *
     * @param budget most records
     * @return records taken
     */
    int send(int budget) {
        int taken = 0;
        while (taken < budget && sockets.hasRecord()) {
            if (!sockets.isSane(NetDevice.MAX_SEGMENTS)) {
                statistics.queue(0).add(Counter.TX_REFUSED, 1);
                sockets.discard();
                continue;
            }
            int queue = sockets.txQueue();
            if (pending[queue] >= MAX_PENDING || !read(queue)) {
                break;
            }
            taken++;
        }
        for (int q = 0; q < sending.length; q++) {
            if (!sending[q].isEmpty()) {
                pending[q] += sending[q].count();
                miniports[q].send(sending[q]);
            }
        }
        return taken;
    }

    private boolean read(int queue) {
        NetBufferList list = pool.allocate();
        list.queue = queue;
        list.dataLength = sockets.length();
        OutOfBand.requests(list, sockets.requests(), sockets.offload());
        list.mdlCount = sockets.read(list.mdl);
        if (list.mdlCount == 0) {
            pool.free(list);
            return false;
        }
        int rest = list.dataLength;
        for (int i = 0; i < list.mdlCount; i++) {
            list.mdlAddress[i] = buffers.address(list.mdl[i]);
            list.mdlBytes[i] = Math.min(rest, NetBuffers.CAPACITY);
            rest -= list.mdlBytes[i];
        }
        sending[queue].append(list);
        return true;
    }

    /** The miniport completes lists; the chain is empty afterwards. */
    void sendComplete(NetBufferListChain chain) {
        for (NetBufferList list = chain.remove(); list != null; list = chain.remove()) {
            pending[list.queue]--;
            for (int i = 0; i < list.mdlCount; i++) {
                buffers.free(list.mdl[i]);
            }
            pool.free(list);
        }
    }

    /** The miniport indicates lists; the chain is empty afterwards. They are returned when applications have room. */
    void receive(NetBufferListChain chain) {
        for (NetBufferList list = chain.remove(); list != null; list = chain.remove()) {
            received[list.queue].append(list);
        }
    }

    /**
     * Gives applications what they have room for and returns its lists.
     *
     * @return lists returned
     */
    int deliver() {
        int lists = 0;
        for (int q = 0; q < received.length; q++) {
            NetBufferList list = received[q].first();
            while (list != null && deliver(list)) {
                received[q].remove();
                miniports[q].returned(list);
                lists++;
                list = received[q].first();
            }
        }
        return lists;
    }

    /** False if there is no room. */
    private boolean deliver(NetBufferList list) {
        if (!sockets.wants(list.dataLength)) {
            statistics.queue(list.queue).add(Counter.RX_DROPPED_OS, 1);
            return true;
        }
        long to = sockets.reserve(list.dataLength);
        if (to == 0) {
            return false;
        }
        for (int i = 0; i < list.mdlCount; i++) {
            sockets.write(list.mdlAddress[i], to, list.mdlBytes[i]);
            to += list.mdlBytes[i];
        }
        sockets.commit(list.dataLength, OutOfBand.results(list), OutOfBand.receiveWord(list),
                list.coalescedSegments << 16 | list.coalescedMss, list.queue);
        return true;
    }

    /** Returns everything that was indicated, unread. */
    void unbind() {
        for (int q = 0; q < received.length; q++) {
            for (NetBufferList list = received[q].remove(); list != null; list = received[q].remove()) {
                miniports[q].returned(list);
            }
        }
    }
}
