package dev.npa.shell.runtime.linux;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.netdev.NetDevice;

/**
 * A transmit queue of the device with its queueing discipline: first in, first out, of limited length. Packets that the
 * device has not taken wait in one burst and go out first.
 */
final class TxQueue {

    /** Length of the queue in packets, beyond which sockets are not read. */
    private static final int QLEN = 256;
    /** Most packets that one call hands to the device. */
    private static final int BURST = 32;
    private static final int ENTRIES = 8 * NetDevice.MAX_SEGMENTS;

    private final int index;
    private final NetDevice device;
    private final SkBuffCache cache;
    /** Socket buffers that the device has, by the handle of their first fragment. */
    private final SkBuff[] owner;
    private final SkBuffQueue qdisc = new SkBuffQueue();
    private final PacketBurst xmit = new PacketBurst(ENTRIES);
    private final PacketBurst done = new PacketBurst(ENTRIES);
    private int next;
    private boolean stopped;

    TxQueue(int index, NetDevice device, SkBuffCache cache, SkBuff[] owner) {
        this.index = index;
        this.device = device;
        this.cache = cache;
        this.owner = owner;
    }

    /** Whether another packet may be queued. */
    boolean hasRoom() {
        return qdisc.qlen() < QLEN;
    }

    void enqueue(SkBuff skb) {
        qdisc.enqueue(skb);
    }

    /** The device has room again. */
    void wake() {
        stopped = false;
    }

    /**
     * Hands queued packets to the device.
     *
     * @return packets taken
     */
    int run() {
        if (stopped) {
            return 0;
        }
        if (next == xmit.size()) {
            fill();
        }
        if (next == xmit.size()) {
            return 0;
        }
        int from = next;
        next = device.transmit(index, xmit, from, xmit.size());
        stopped = next < xmit.size();
        int packets = 0;
        for (int i = from; i < next; i++) {
            packets += xmit.flags(i) & PacketFlags.SOP;
        }
        return packets;
    }

    private void fill() {
        xmit.clear();
        next = 0;
        SkBuff skb = qdisc.peek();
        for (int n = 0; n < BURST && skb != null && xmit.room() >= skb.nrFrags; n++) {
            qdisc.dequeue();
            owner[skb.frag[0]] = skb;
            Translation.append(skb, xmit);
            skb = qdisc.peek();
        }
    }

    /**
     * Frees the socket buffers that the device is done with.
     *
     * @param budget most packets
     * @return packets freed
     */
    int clean(int budget) {
        done.clear();
        int packets = device.reclaim(index, done, Math.min(budget, ENTRIES / NetDevice.MAX_SEGMENTS));
        for (int i = 0; i < done.size(); i++) {
            if ((done.flags(i) & PacketFlags.SOP) != 0) {
                int handle = done.handle(i);
                cache.free(owner[handle]);
                owner[handle] = null;
            }
        }
        device.buffers().free(done);
        return packets;
    }

    /** Most packets of a cleaning round. */
    static int cleanBudget() {
        return ENTRIES / NetDevice.MAX_SEGMENTS;
    }

    /** Frees what the device never took. */
    void purge() {
        for (; next < xmit.size(); next++) {
            device.buffers().free(xmit.handle(next));
        }
        for (SkBuff skb = qdisc.dequeue(); skb != null; skb = qdisc.dequeue()) {
            for (int i = 0; i < skb.nrFrags; i++) {
                device.buffers().free(skb.frag[i]);
            }
        }
    }
}
