package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;

/**
 * The frame by which a switchover between NICs finds out how far the network has come (docs/switch-protocol.md):
 * Ethernet header with the type for local experiments (IEEE 802 §9.2.4, 0x88B5), the magic {@code NPAM}, and a sequence
 * number of 8 bytes, big-endian; padded to the shortest frame.
 */
final class Marker {

    /** Bytes without FCS. */
    static final int LENGTH = 60;
    static final int ETHERTYPE = 0x88B5;

    private static final int AT_TYPE = 12;
    private static final int AT_MAGIC = 14;
    private static final int AT_SEQUENCE = 18;
    private static final int END = 26;
    private static final byte[] MAGIC = {'N', 'P', 'A', 'M'};

    private Marker() {}

    /** Writes one to the beginning of a buffer of zeros. */
    static void write(ByteBuffer target, MacAddress to, MacAddress from, long sequence) {
        for (int i = 0; i < 6; i++) {
            target.put(i, to.octet(i)).put(6 + i, from.octet(i));
        }
        target.put(AT_TYPE, (byte) (ETHERTYPE >>> 8)).put(AT_TYPE + 1, (byte) ETHERTYPE);
        target.put(AT_MAGIC, MAGIC, 0, MAGIC.length);
        for (int i = 0; i < 8; i++) {
            target.put(AT_SEQUENCE + i, (byte) (sequence >>> 56 - 8 * i));
        }
    }

    /** Whether a frame is a marker for this address. Byte order of the buffer does not matter. */
    static boolean isFor(MacAddress to, ByteBuffer frame, int offset, int length) {
        if (length < END || frame.get(offset + AT_TYPE) != (byte) (ETHERTYPE >>> 8)
                || frame.get(offset + AT_TYPE + 1) != (byte) ETHERTYPE) {
            return false;
        }
        for (int i = 0; i < 6; i++) {
            if (frame.get(offset + i) != to.octet(i)) {
                return false;
            }
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (frame.get(offset + AT_MAGIC + i) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    static long sequence(ByteBuffer frame, int offset) {
        long sequence = 0;
        for (int i = 0; i < 8; i++) {
            sequence = sequence << 8 | frame.get(offset + AT_SEQUENCE + i) & 0xFF;
        }
        return sequence;
    }
}
