package dev.npa.shell.runtime.os;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.runtime.channel.WorkloadChannel;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.offload.FlowHash;

/**
 * The applications' sockets. Records that they send are read one after the other: look at the one that waits
 * ({@link #hasRecord} and the calls behind it), then {@link #read} or {@link #discard} it. Received packets are
 * {@link #write written}; while there is no room they stay with the caller. {@link #flush} once a round.
 */
public final class Sockets {

    private final WorkloadChannel channel;
    private final NetBuffers buffers;
    private final FlowHash flows = new FlowHash(RssConfig.spread(1));
    private final int queues;

    /**
     * Opens the sockets.
     *
     * @param channel the applications; null = there are none: nothing is sent, what is received is dropped
     * @param queues transmit queues to choose from
     */
    public Sockets(WorkloadChannel channel, NetBuffers buffers, int queues) {
        this.channel = channel;
        this.buffers = buffers;
        this.queues = queues;
    }

    /** Whether a record waits to be sent. */
    public boolean hasRecord() {
        return channel != null && channel.next();
    }

    /** Bytes of the waiting record's frame. */
    public int length() {
        return channel.length();
    }

    /** Its requests: TX bits of {@link dev.npa.shell.PacketFlags}. */
    public int requests() {
        return channel.flags();
    }

    /** Its transmit word, as in {@link PacketBurst}. */
    public long offload() {
        return channel.offload();
    }

    /** Transmit queue of the waiting record: the one that it names, or one by its flow. A flow has one queue. */
    public int txQueue() {
        if (queues == 1) {
            return 0;
        }
        int named = channel.queue();
        if (named != WorkloadChannel.ANY_QUEUE) {
            return named % queues;
        }
        long hash = flows.of(buffers.memory(), channel.frame(), channel.length());
        return hash == FlowHash.NONE ? 0 : (int) (hash % queues);
    }

    /**
     * Whether the waiting record is a frame that buffers can take.
     *
     * @param segments most buffers of a packet
     */
    public boolean isSane(int segments) {
        int length = channel.length();
        return length > 0 && length <= channel.maxFrame() && length <= (long) segments * NetBuffers.CAPACITY;
    }

    /**
     * Copies the waiting record into buffers and takes it. All but the last buffer are filled to the brim.
     *
     * @param handles where to put the buffers' handles
     * @return how many buffers; 0 = there are too few now, the record still waits
     */
    public int read(int[] handles) {
        int length = channel.length();
        int count = (length + NetBuffers.CAPACITY - 1) / NetBuffers.CAPACITY;
        if (buffers.available() < count) {
            return 0;
        }
        PhysicalMemory memory = buffers.memory();
        long from = channel.frame();
        for (int i = 0; i < count; i++) {
            int handle = buffers.take();
            handles[i] = handle;
            memory.copy(from, buffers.address(handle), Math.min(length, NetBuffers.CAPACITY));
            from += NetBuffers.CAPACITY;
            length -= NetBuffers.CAPACITY;
        }
        channel.take();
        return count;
    }

    /** Takes the waiting record and forgets it. */
    public void discard() {
        channel.take();
    }

    /** Whether anybody reads received packets of this length. */
    public boolean wants(int length) {
        return channel != null && length <= channel.maxFrame();
    }

    /**
     * Where the frame of a received packet goes.
     *
     * @return its address; 0 when there is no room now
     */
    public long reserve(int length) {
        return channel.reserve(length);
    }

    /** Copies a part of a received frame to an address from {@link #reserve} on. */
    public void write(long from, long to, int length) {
        buffers.memory().copy(from, to, length);
    }

    /**
     * Hands over the frame that was written.
     *
     * @param results RX bits of {@link dev.npa.shell.PacketFlags}
     * @param offload receive word
     * @param lro merged segments and their MSS, as the workload channel packs them
     * @param queue receive queue that it came through
     */
    public void commit(int length, int results, long offload, int lro, int queue) {
        channel.commit(length, results, offload, lro, queue);
    }

    /** Tells the applications what was taken and handed over since the last call. */
    public void flush() {
        if (channel != null) {
            channel.flush();
        }
    }
}
