package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaFault;
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
    /** What the next completion says. */
    private int rssType;
    private int hash;
    private int tci;
    private int checks;
    private boolean cnc;
    private int segments;
    private int mss;
    private int tsDelta;

    /** Bytes of the buffers that {@link #holds} found and nobody has consumed since. */
    private int found;
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
        found = 0;
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

    /** Whether a packet of this length fits buffers that are posted now. */
    boolean holds(int length) {
        if (length <= found && error == 0) {
            return true; // nothing was consumed since these buffers were found
        }
        boolean holds = plan(length) && plannedBytes >= length;
        found = holds ? plannedBytes : 0;
        return holds;
    }

    /**
     * Says what the completion of the next packet tells of it; {@link #merged} may follow.
     *
     * @param rss rssType, 0 = no hash
     * @param tagTci stripped tag, -1 = none
     * @param checkBits bits 16..23 of d3 for the last completion
     * @param notChecked cnc: checksum not calculated
     */
    void describe(int rss, int rssHash, int tagTci, int checkBits, boolean notChecked) {
        rssType = rss;
        hash = rssHash;
        tci = tagTci;
        checks = checkBits;
        cnc = notChecked;
        segments = 0;
    }

    /** Says that the next packet consists of so many segments, each counted already; §9, RxCompDescExt. */
    void merged(int count, int segmentBytes, int timestampDelta) {
        segments = count;
        mss = segmentBytes;
        tsDelta = timestampDelta;
    }

    /** {@link #plan} for a packet that is nowhere else any more; a refused address stops the queue. */
    boolean planGuarded(int length) {
        try {
            return plan(length);
        } catch (DmaFault e) {
            dma.clearAbort();
            fail(Vmxnet3Registers.ERROR_INVALID_DESCRIPTOR);
            return false;
        }
    }

    /** {@link #deliver} for a packet that is nowhere else any more: a refused address costs it and stops the queue. */
    void deliverGuarded(ByteBuffer frame, int offset, int length) {
        try {
            deliver(frame, offset, length);
        } catch (DmaFault e) {
            // The port has recorded it. The emulation is software: a bad address costs the queue, not the function.
            dma.clearAbort();
            fail(Vmxnet3Registers.ERROR_INVALID_DESCRIPTOR);
        }
    }

    /**
     * Fills the planned buffers and completes them as {@link #describe} said. What does not fit is cut off and the
     * packet marked erroneous.
     */
    void deliver(ByteBuffer frame, int offset, int length) {
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
            complete(i, whole);
        }
        ring0.consume();
        ring1.consume();
        found = 0;
        if (!whole) {
            statistics.increment(QueueStatistics.RX_OUT_OF_BUFFERS);
        } else if (segments > 1) {
            statistics.countLro(length);
        } else if (segments == 0) {
            statistics.count(frame, offset, tci >= 0 ? length + VlanTag.LENGTH : length); // as on the wire
        }
        indicated = true;
    }

    /** One completion a buffer: what is said of the whole packet is in the last, of its segments in the first. */
    private void complete(int i, boolean whole) {
        boolean first = i == 0;
        boolean last = i == planned - 1;
        boolean lro = first && segments > 1;
        // An LRO completion has segCnt where the hash would be.
        boolean hashed = last && !lro;
        int d0 = RxDescriptor.completion(planIndex[i], planRqId[i], hashed ? rssType : 0)
                | (first ? RxDescriptor.SOP : 0) | (last ? RxDescriptor.EOP | (cnc ? RxDescriptor.CNC : 0) : 0);
        int d1 = lro ? segments | tsDelta << 16 : hashed ? hash : 0;
        int d2 = planLength[i];
        int d3 = lro ? RxDescriptor.TYPE_LRO | mss : RxDescriptor.TYPE_RX;
        if (last) {
            d2 |= (tci >= 0 ? RxDescriptor.TS | tci << 16 : 0) | (whole ? 0 : RxDescriptor.ERR);
            d3 |= whole ? checks | RxDescriptor.FCS : 0;
        }
        completions.put(RxDescriptor.quad(d0, d1), RxDescriptor.quad(d2, d3));
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
