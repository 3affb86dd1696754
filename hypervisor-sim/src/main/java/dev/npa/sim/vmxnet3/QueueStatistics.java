package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaPort;
import java.nio.ByteBuffer;

/** The UPT1 statistics block of a queue: ten 64-bit counters, the same places for both directions; vmxnet3 §8. */
final class QueueStatistics {

    /** Transmit: TSO packets after segmentation; the bytes follow. */
    static final int TSO_PACKETS = 0;
    /** Receive: packets merged from several; the bytes follow. All other counters are of frames before merging. */
    static final int LRO_PACKETS = 0;
    private static final int UNICAST = 2;
    private static final int MULTICAST = 4;
    private static final int BROADCAST = 6;
    /** Transmit: pktsTxError. */
    static final int TX_ERROR = 8;
    /** Transmit: pktsTxDiscard. */
    static final int TX_DISCARD = 9;
    /** Receive: pktsRxOutOfBuf. */
    static final int RX_OUT_OF_BUFFERS = 8;
    /** Receive: pktsRxError. */
    static final int RX_ERROR = 9;

    private static final int COUNTERS = 10;

    private final long[] counters = new long[COUNTERS];

    void clear() {
        java.util.Arrays.fill(counters, 0);
    }

    void increment(int counter) {
        counters[counter]++;
    }

    void countTso(int bytes) {
        counters[TSO_PACKETS]++;
        counters[TSO_PACKETS + 1] += bytes;
    }

    /** Counts a unicast packet that a NIC cuts as the frames that it becomes. */
    void countTso(int frames, int bytes) {
        counters[TSO_PACKETS] += frames;
        counters[TSO_PACKETS + 1] += bytes;
        counters[UNICAST] += frames;
        counters[UNICAST + 1] += bytes;
    }

    void countLro(int bytes) {
        counters[LRO_PACKETS]++;
        counters[LRO_PACKETS + 1] += bytes;
    }

    /** Counts a frame as unicast, multicast or broadcast. */
    void count(ByteBuffer frame, int offset, int bytes) {
        int kind = (frame.get(offset) & 1) == 0 ? UNICAST : isBroadcast(frame, offset) ? BROADCAST : MULTICAST;
        counters[kind]++;
        counters[kind + 1] += bytes;
    }

    private static boolean isBroadcast(ByteBuffer frame, int offset) {
        for (int i = 0; i < 6; i++) {
            if (frame.get(offset + i) != -1) {
                return false;
            }
        }
        return true;
    }

    /** Writes the block into the queue descriptor. */
    void write(DmaPort dma, long queueDescriptor) {
        for (int i = 0; i < COUNTERS; i++) {
            dma.writeLong(queueDescriptor + QueueDescriptors.STATISTICS + 8L * i, counters[i]);
        }
    }
}
