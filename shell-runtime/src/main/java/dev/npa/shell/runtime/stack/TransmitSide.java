package dev.npa.shell.runtime.stack;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.channel.WorkloadChannel;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.offload.FlowHash;

/**
 * Transmit half of the stack: copies records into packet buffers and offers them to the device. What it does not take
 * stays here, in the order of its queue, and goes out first the next time.
 */
final class TransmitSide {

    private static final int ENTRIES = 4 * NetDevice.MAX_SEGMENTS;
    private static final int SHORTEST = 14;
    /** An IP datagram of the largest size, Ethernet header and tag. */
    private static final int LONGEST = 65535 + 18;
    /** The TX bits of {@link PacketFlags}. */
    private static final int REQUESTS = 0x7F0;

    private final NetDevice device;
    private final NetBuffers buffers;
    private final PacketBurst[] pending;
    private final int[] next;
    private final FlowHash flows;

    TransmitSide(NetDevice device) {
        this.device = device;
        this.buffers = device.buffers();
        this.pending = new PacketBurst[device.queues()];
        this.next = new int[pending.length];
        for (int q = 0; q < pending.length; q++) {
            pending[q] = new PacketBurst(ENTRIES);
        }
        this.flows = new FlowHash(RssConfig.spread(pending.length));
    }

    /**
     * Copies records from the channel until the bursts, the buffers or the budget are used up.
     *
     * @return records taken
     */
    int fill(WorkloadChannel channel, int budget) {
        int taken = 0;
        while (taken < budget && channel.next() && take(channel)) {
            channel.take();
            taken++;
        }
        return taken;
    }

    /** Takes one record; false if there is no room for it now. */
    private boolean take(WorkloadChannel channel) {
        int length = channel.length();
        if (length < SHORTEST || length > LONGEST) {
            device.statistics().queue(0).add(Counter.TX_REFUSED, 1);
            return true;
        }
        int queue = choose(channel, length);
        PacketBurst burst = pending[queue];
        if (next[queue] == burst.size()) {
            burst.clear();
            next[queue] = 0;
        }
        int count = (length + NetBuffers.CAPACITY - 1) / NetBuffers.CAPACITY;
        if (burst.room() < count || buffers.available() < count) {
            return false;
        }
        copy(channel, length, burst);
        return true;
    }

    /** A flow keeps to one queue, so that its packets stay in order. */
    private int choose(WorkloadChannel channel, int length) {
        if (pending.length == 1) {
            return 0;
        }
        if (channel.queue() != WorkloadChannel.ANY_QUEUE) {
            return channel.queue() % pending.length;
        }
        long hash = flows.of(buffers.memory(), channel.frame(), length);
        if (hash == FlowHash.NONE) {
            // Addresses and type of the Ethernet header.
            long words = buffers.memory().getLong(channel.frame()) * 31
                    + buffers.memory().getLong(channel.frame() + 6);
            hash = words * 0x9E3779B97F4A7C15L >>> 32;
        }
        return (int) (hash % pending.length);
    }

    private void copy(WorkloadChannel channel, int length, PacketBurst burst) {
        long frame = channel.frame();
        int first = burst.size();
        for (int done = 0; done < length; done += NetBuffers.CAPACITY) {
            int part = Math.min(NetBuffers.CAPACITY, length - done);
            int handle = buffers.take();
            buffers.memory().copy(frame + done, buffers.address(handle), part);
            burst.add(buffers.address(handle), handle, part, 0);
        }
        burst.flags(first, PacketFlags.SOP | channel.flags() & REQUESTS);
        int last = burst.size() - 1;
        burst.flags(last, burst.flags(last) | PacketFlags.EOP);
        burst.packetLength(first, length);
        burst.offload(first, channel.offload());
    }

    /**
     * Offers what waits.
     *
     * @return entries taken
     */
    int send() {
        int taken = 0;
        for (int q = 0; q < pending.length; q++) {
            if (next[q] < pending[q].size()) {
                int before = next[q];
                next[q] = device.transmit(q, pending[q], before, pending[q].size());
                taken += next[q] - before;
            }
        }
        return taken;
    }

    /** Frees what waits. */
    void close() {
        for (int q = 0; q < pending.length; q++) {
            for (; next[q] < pending[q].size(); next[q]++) {
                buffers.free(pending[q].handle(next[q]));
            }
        }
    }
}
