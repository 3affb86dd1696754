package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaPort;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * One receive queue: finds buffers for a packet in the two command rings, fills them and writes the completions;
 * vmxnet3 §12. Called under the device's lock.
 */
final class RxQueueEmulation {

    private static final int MOST_BUFFERS = 256;

    private final DmaPort dma;
    private final RxCommandRing ring0;
    private final RxCommandRing ring1;
    private final CompletionRing completions;
    private final QueueStatistics statistics = new QueueStatistics();
    private DriverShared.RxQueueConf conf;
    private int rqId0;
    private int rqId1;
    private int maxBuffers;
    private int error;
    private boolean indicated;

    /** Buffers planned for a packet. */
    private final long[] planAddress = new long[MOST_BUFFERS];
    private final int[] planLength = new int[MOST_BUFFERS];
    private final int[] planIndex = new int[MOST_BUFFERS];
    private final int[] planRqId = new int[MOST_BUFFERS];
    private int planned;
    private int plannedBytes;

    RxQueueEmulation(DmaPort dma) {
        this.dma = dma;
        this.ring0 = new RxCommandRing(dma);
        this.ring1 = new RxCommandRing(dma);
        this.completions = new CompletionRing(dma);
    }

    /**
     * Starts with fresh rings.
     *
     * @param queue number of this queue
     * @param queues receive queues in all, which numbers the second rings
     * @param newMaxBuffers most buffers for one packet
     */
    void start(DriverShared.RxQueueConf newConf, int queue, int queues, int newMaxBuffers) {
        conf = newConf;
        rqId0 = queue;
        rqId1 = queues + queue;
        maxBuffers = Math.min(newMaxBuffers, MOST_BUFFERS);
        error = 0;
        indicated = false;
        statistics.clear();
        ring0.start(conf.ring0(), conf.size0());
        ring1.start(conf.ring1(), conf.size1());
        completions.start(conf.completions(), conf.completionSize());
        dma.writeInt(conf.descriptor() + QueueDescriptors.RX_UPDATE_PROD, 0); // vmxnet3 §8: no doorbells wanted
    }

    /**
     * Finds buffers for a packet without consuming them: a HEAD of ring 0, then BODYs of ring 0 if they follow, else of
     * ring 1.
     *
     * @return whether {@link #deliver} can follow: all buffers are there, or it is certain that the packet can never
     *     fit; false = wait for the driver, or the queue stopped
     */
    boolean plan(int length) {
        planned = 0;
        plannedBytes = 0;
        ring0.rewind();
        ring1.rewind();
        if (error != 0 || !planHead()) {
            return false;
        }
        while (plannedBytes < length && planned < maxBuffers) {
            long word = ring0.peek();
            if (word >= 0 && RxDescriptor.bufferType(word) == RxDescriptor.BODY) {
                if (!planBuffer(ring0, word, rqId0)) {
                    return false;
                }
                continue;
            }
            if (ring1.size() == 0 || bodiesPlanned() >= ring1.size() - 1) {
                // No second ring to go on with; drivers keep one slot of a ring empty. A slot of ring 0 that is not
                // filled may still become a BODY.
                return word >= 0 || planned >= ring0.size() - 1;
            }
            word = ring1.peek();
            if (word < 0) {
                return false;
            }
            if (RxDescriptor.bufferType(word) == RxDescriptor.HEAD) {
                return stop(Vmxnet3Registers.ERROR_TYPE_UNSUPPORTED);
            }
            if (!planBuffer(ring1, word, rqId1)) {
                return false;
            }
        }
        return true;
    }

    private boolean planHead() {
        while (true) {
            long word = ring0.peek();
            if (word < 0) {
                return false;
            }
            if (RxDescriptor.bufferType(word) == RxDescriptor.HEAD) {
                return RxDescriptor.length(word) >= Vmxnet3Registers.MIN_HEAD
                        ? planBuffer(ring0, word, rqId0) : stop(Vmxnet3Registers.ERROR_HEAD_TOO_SMALL);
            }
            ring0.advance();
        }
    }

    private boolean planBuffer(RxCommandRing ring, long word, int rqId) {
        if (RxDescriptor.descriptorType(word) != 0) {
            return stop(Vmxnet3Registers.ERROR_TYPE_UNSUPPORTED);
        }
        if (RxDescriptor.length(word) == 0) {
            return stop(Vmxnet3Registers.ERROR_INVALID_DESCRIPTOR);
        }
        // Acquire: the driver stores the address before the generation.
        VarHandle.acquireFence();
        planAddress[planned] = ring.address();
        planLength[planned] = RxDescriptor.length(word);
        planIndex[planned] = ring.index();
        planRqId[planned] = rqId;
        plannedBytes += planLength[planned];
        planned++;
        ring.advance();
        return true;
    }

    private int bodiesPlanned() {
        int count = 0;
        for (int i = 0; i < planned; i++) {
            count += planRqId[i] == rqId1 ? 1 : 0;
        }
        return count;
    }

    private boolean stop(int reason) {
        error = reason;
        return false;
    }

    /**
     * Fills the planned buffers and completes them. What does not fit is cut off and the packet marked erroneous.
     *
     * @param rss rssType
     * @param tci stripped tag, -1 = none
     * @param checks bits 16..23 of d3 for the last completion
     * @param cnc checksum not calculated
     */
    void deliver(ByteBuffer frame, int offset, int length, int rss, int hash, int tci, int checks, boolean cnc) {
        boolean whole = plannedBytes >= length;
        int left = Math.min(length, plannedBytes);
        int at = offset;
        // Buffers first: a refused address must leave no completion of a packet's beginning behind.
        for (int i = 0; i < planned; i++) {
            int n = Math.min(left, planLength[i]);
            dma.write(planAddress[i], frame, at, n);
            at += n;
            left -= n;
            planLength[i] = n;
        }
        for (int i = 0; i < planned; i++) {
            boolean last = i == planned - 1;
            int d0 = RxDescriptor.completion(planIndex[i], planRqId[i], last ? rss : 0)
                    | (i == 0 ? RxDescriptor.SOP : 0)
                    | (last ? RxDescriptor.EOP | (cnc ? RxDescriptor.CNC : 0) : 0);
            int d2 = planLength[i];
            int d3 = RxDescriptor.TYPE_RX;
            if (last) {
                d2 |= (tci >= 0 ? RxDescriptor.TS | tci << 16 : 0) | (whole ? 0 : RxDescriptor.ERR);
                d3 |= whole ? checks | RxDescriptor.FCS : 0;
            }
            completions.put(RxDescriptor.quad(d0, last ? hash : 0), RxDescriptor.quad(d2, d3));
        }
        ring0.consume();
        ring1.consume();
        if (whole) {
            statistics.count(frame, offset, length);
        } else {
            statistics.increment(QueueStatistics.RX_OUT_OF_BUFFERS);
        }
        indicated = true;
    }

    /** Whether something was completed since the last call. */
    boolean takeIndicated() {
        boolean was = indicated;
        indicated = false;
        return was;
    }

    void fail(int reason) {
        error = reason;
    }

    int error() {
        return error;
    }

    DriverShared.RxQueueConf conf() {
        return conf;
    }

    QueueStatistics statistics() {
        return statistics;
    }

    RxCommandRing ring(int index) {
        return index == 0 ? ring0 : ring1;
    }
}
