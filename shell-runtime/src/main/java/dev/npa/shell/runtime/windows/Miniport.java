package dev.npa.shell.runtime.windows;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.netdev.NetDevice;

/**
 * The miniport of the network device: takes chains to send and completes them, indicates chains and gets them back. One
 * object a queue pair.
 */
final class Miniport {

    /** Most lists of an indication. */
    static final int MAX_NBLS_TO_INDICATE = 64;
    /** Lists of a queue that may be out with the protocol before nothing more is indicated. */
    private static final int MAX_OUTSTANDING = 512;
    private static final int BURST = 32;
    private static final int ENTRIES = 8 * NetDevice.MAX_SEGMENTS;

    private final int queue;
    private final NetDevice device;
    private final NetBufferListPool pool;
    private final Protocol protocol;
    /** Lists that the device has, by the handle of their first piece. */
    private final NetBufferList[] sent;
    private final NetBufferListChain waiting = new NetBufferListChain();
    private final NetBufferListChain completed = new NetBufferListChain();
    private final NetBufferListChain indicated = new NetBufferListChain();
    private final PacketBurst tx = new PacketBurst(ENTRIES);
    private final PacketBurst done = new PacketBurst(ENTRIES);
    private final PacketBurst rx = new PacketBurst(MAX_NBLS_TO_INDICATE + NetDevice.RECEIVE_SEGMENTS);
    private int next;
    private int outstanding;
    private boolean stopped;
    private boolean dpcQueued;

    Miniport(int queue, NetDevice device, NetBufferListPool pool, Protocol protocol, NetBufferList[] sent) {
        this.queue = queue;
        this.device = device;
        this.pool = pool;
        this.protocol = protocol;
        this.sent = sent;
    }

    // ---- send

    /** Takes a chain; each list is pending until {@link Protocol#sendComplete} gets it. */
    void send(NetBufferListChain chain) {
        waiting.appendAll(chain);
    }

    /** The device has room again. */
    void restartSend() {
        stopped = false;
    }

    /**
     * Hands waiting lists to the device.
     *
     * @return lists taken
     */
    int transmit() {
        if (stopped) {
            return 0;
        }
        if (next == tx.size()) {
            fill();
        }
        if (next == tx.size()) {
            return 0;
        }
        int from = next;
        next = device.transmit(queue, tx, from, tx.size());
        stopped = next < tx.size();
        int lists = 0;
        for (int i = from; i < next; i++) {
            lists += tx.flags(i) & PacketFlags.SOP;
        }
        return lists;
    }

    private void fill() {
        tx.clear();
        next = 0;
        NetBufferList list = waiting.first();
        for (int n = 0; n < BURST && list != null && tx.room() >= list.mdlCount; n++) {
            waiting.remove();
            sent[list.mdl[0]] = list;
            OutOfBand.append(list, tx);
            list = waiting.first();
        }
    }

    // ---- deferred procedure call

    /** The queue's interrupt: queues the deferred procedure call. */
    void interrupt() {
        dpcQueued = true;
    }

    boolean isDpcQueued() {
        return dpcQueued;
    }

    /**
     * The deferred procedure call: completes sends, indicates what was received, and lets the interrupt come again if
     * there was less than allowed; else it stays queued.
     *
     * @param budget most lists each way
     * @return lists completed and indicated
     */
    int dpc(int budget) {
        int most = Math.min(budget, MAX_NBLS_TO_INDICATE);
        int completions = complete(most);
        if (outstanding >= MAX_OUTSTANDING) {
            // The protocol holds too much: the call stays queued and the packets stay in the ring.
            return completions;
        }
        int received = indicate(most);
        if (received < most && completions < Math.min(most, ENTRIES / NetDevice.MAX_SEGMENTS)) {
            dpcQueued = false;
            // Last: an interrupt may come within the call and queue the next one.
            device.enableInterrupt(queue);
        }
        return completions + received;
    }

    private int complete(int most) {
        done.clear();
        int lists = device.reclaim(queue, done, Math.min(most, ENTRIES / NetDevice.MAX_SEGMENTS));
        NetBufferList list = null;
        for (int i = 0; i < done.size(); i++) {
            int flags = done.flags(i);
            if ((flags & PacketFlags.SOP) != 0) {
                list = sent[done.handle(i)];
                sent[done.handle(i)] = null;
            }
            if ((flags & PacketFlags.EOP) != 0) {
                list.status = (flags & PacketFlags.ABORTED) != 0 ? NdisStatus.SEND_ABORTED : NdisStatus.SUCCESS;
                completed.append(list);
            }
        }
        if (!completed.isEmpty()) {
            protocol.sendComplete(completed);
        }
        return lists;
    }

    private int indicate(int most) {
        rx.clear();
        int received = device.receive(queue, rx, most);
        int first = 0;
        for (int i = 0; i < rx.size(); i++) {
            if ((rx.flags(i) & PacketFlags.EOP) != 0) {
                NetBufferList list = pool.allocate();
                OutOfBand.received(list, rx, first, i + 1, queue);
                indicated.append(list);
                first = i + 1;
            }
        }
        if (received > 0) {
            outstanding += indicated.count();
            protocol.receive(indicated);
        }
        return received;
    }

    /** Gets a list back that was indicated. */
    void returned(NetBufferList list) {
        outstanding--;
        for (int i = 0; i < list.mdlCount; i++) {
            device.buffers().free(list.mdl[i]);
        }
        pool.free(list);
    }

    /** Halts: completes what the device never took. */
    void halt() {
        for (; next < tx.size(); next++) {
            NetBufferList list = sent[tx.handle(next)];
            if ((tx.flags(next) & PacketFlags.SOP) != 0) {
                list.status = NdisStatus.SEND_ABORTED;
                completed.append(list);
            }
        }
        for (NetBufferList list = waiting.remove(); list != null; list = waiting.remove()) {
            list.status = NdisStatus.SEND_ABORTED;
            completed.append(list);
        }
        protocol.sendComplete(completed);
    }
}
