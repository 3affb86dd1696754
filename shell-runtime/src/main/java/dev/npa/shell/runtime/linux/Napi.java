package dev.npa.shell.runtime.linux;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.netdev.NetDevice;

/** Polling of one queue pair: from the interrupt that schedules it to the poll that finds less than its budget. */
final class Napi {

    /** Most packets of a poll. */
    static final int WEIGHT = 64;

    private final int queue;
    private final NetDevice device;
    private final TxQueue tx;
    private final SkBuffCache cache;
    private final SocketBacklog sockets;
    private final PacketBurst rx = new PacketBurst(WEIGHT + NetDevice.RECEIVE_SEGMENTS);
    private boolean scheduled;

    Napi(int queue, NetDevice device, TxQueue tx, SkBuffCache cache, SocketBacklog sockets) {
        this.queue = queue;
        this.device = device;
        this.tx = tx;
        this.cache = cache;
        this.sockets = sockets;
    }

    void schedule() {
        scheduled = true;
    }

    boolean isScheduled() {
        return scheduled;
    }

    /**
     * Cleans and receives. Ends polling if there was less of both than allowed.
     *
     * @param budget most packets
     * @return packets freed and received
     */
    int poll(int budget) {
        int most = Math.min(budget, WEIGHT);
        int cleaned = tx.clean(most);
        if (sockets.isFull(queue)) {
            // The applications read too slowly: the queue stays scheduled and the packets stay in its ring.
            return cleaned;
        }
        int received = receive(most);
        if (received < most && cleaned < Math.min(most, TxQueue.cleanBudget())) {
            scheduled = false;
            // Last: an interrupt may come within the call and schedule the queue anew.
            device.enableInterrupt(queue);
        }
        return cleaned + received;
    }

    private int receive(int most) {
        rx.clear();
        int packets = device.receive(queue, rx, most);
        int first = 0;
        for (int i = 0; i < rx.size(); i++) {
            if ((rx.flags(i) & PacketFlags.EOP) != 0) {
                SkBuff skb = cache.alloc();
                Translation.received(skb, rx, first, i + 1, queue);
                sockets.receive(skb);
                first = i + 1;
            }
        }
        return packets;
    }
}
