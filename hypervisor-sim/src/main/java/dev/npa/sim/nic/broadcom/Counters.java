package dev.npa.sim.nic.broadcom;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Statistics of a client: the block of 152 bytes that STAT_QUERY delivers, 57712 §7. */
final class Counters {

    /** Bytes of the block. */
    static final int SIZE = 152;

    static final int UNICAST = 0;
    static final int BROADCAST = 1;
    static final int MULTICAST = 2;

    private static final int T_PART = 0;
    private static final int U_PART = 56;
    private static final int X_PART = 112;

    private final long[] rxBytes = new long[3];
    private final int[] rxPackets = new int[3];
    private final long[] noBufferBytes = new long[3];
    private final int[] noBufferPackets = new int[3];
    private final long[] txBytes = new long[3];
    private final int[] txPackets = new int[3];
    int checksumDiscard;
    int tooBig;
    int ttl0;
    int coalescedPackets;
    long coalescedBytes;
    int coalescedEvents;
    int coalescedAborts;
    int errorDrops;

    void received(int kind, int bytes) {
        rxBytes[kind] += bytes;
        rxPackets[kind]++;
    }

    /** A frame for which a queue that was about to take it had no memory any more. */
    void noBuffer(int kind, int bytes) {
        noBufferBytes[kind] += bytes;
        noBufferPackets[kind]++;
    }

    void sent(int kind, int bytes) {
        txBytes[kind] += bytes;
        txPackets[kind]++;
    }

    /** Every count of frames and bytes goes on from here, for tests of the wrap. */
    void preset(int packets, long bytes) {
        Arrays.fill(rxBytes, bytes);
        Arrays.fill(rxPackets, packets);
        Arrays.fill(txBytes, bytes);
        Arrays.fill(txPackets, packets);
    }

    /** As if so many unicast frames had been received and sent more, for tests of the wrap. */
    void advance(int packets, long bytes) {
        rxPackets[UNICAST] += packets;
        rxBytes[UNICAST] += bytes;
        txPackets[UNICAST] += packets;
        txBytes[UNICAST] += bytes;
    }

    void clear() {
        for (int i = 0; i < 3; i++) {
            rxBytes[i] = noBufferBytes[i] = txBytes[i] = 0;
            rxPackets[i] = noBufferPackets[i] = txPackets[i] = 0;
        }
        checksumDiscard = tooBig = ttl0 = 0;
        coalescedPackets = coalescedEvents = coalescedAborts = errorDrops = 0;
        coalescedBytes = 0;
    }

    /** Writes the block; the buffer is little-endian. The T part counts frames before the check for buffers. */
    void write(ByteBuffer b) {
        for (int i = 0; i < 3; i++) {
            b.putLong(T_PART + 16 * i, rxBytes[i]);
            b.putInt(T_PART + 16 * i + 8, rxPackets[i]);
            int other = i == 0 ? UNICAST : i == 1 ? MULTICAST : BROADCAST; // broadcast comes last in U and X
            b.putLong(U_PART + 8 * i, noBufferBytes[other]);
            b.putInt(U_PART + 24 + 4 * i, noBufferPackets[other]);
            b.putLong(X_PART + 8 * i, txBytes[other]);
            b.putInt(X_PART + 24 + 4 * i, txPackets[other]);
        }
        b.putInt(12, checksumDiscard);
        b.putInt(28, tooBig);
        b.putInt(44, ttl0);
        b.putInt(48, noBufferPackets[0] + noBufferPackets[1] + noBufferPackets[2] & 0xFFFF);
        b.putInt(52, 0);
        b.putInt(92, coalescedPackets);
        b.putLong(96, coalescedBytes);
        b.putInt(104, coalescedEvents);
        b.putInt(108, coalescedAborts);
        b.putInt(148, errorDrops);
    }
}
