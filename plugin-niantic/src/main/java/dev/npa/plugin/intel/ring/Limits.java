package dev.npa.plugin.intel.ring;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import java.util.EnumSet;

/** What the queues of all chips of the family can do; the device finds the fields of a packet within these limits. */
public final class Limits {

    private static final int MIN_RING = 64;
    private static final int MAX_RING = 4096;
    /** Ring lengths in bytes are multiples of 128. 82599 §2 */
    private static final int RING_MULTIPLE = 8;
    /** Most segments of a packet: 16 of 64 KiB in all need at most 21 of the 40 descriptors on the die. */
    public static final int MAX_SEGMENTS = 16;
    private static final int MAX_TSO_BYTES = 65536;
    /** Longest header with TSO. 82599 §6.3 */
    private static final int MAX_HEADER_BYTES = 512;
    /** Shortest frame that the MAC takes and pads, on both chips. 82599 §6.3 */
    private static final int MIN_FRAME = 17;

    private Limits() {}

    /**
     * Capabilities of a function: all features but LRO, which the 82576 has not (§5.4) and the 82599 not with SR-IOV
     * (§6.7).
     *
     * @param queues queue pairs
     * @param maxMtu largest MTU in bytes
     * @param vectors vectors that can be queue causes
     */
    public static PluginCapabilities capabilities(int queues, int maxMtu, int vectors) {
        return new PluginCapabilities(EnumSet.complementOf(EnumSet.of(Feature.LRO)), queues, queues, MIN_RING, MAX_RING,
                RING_MULTIPLE, MAX_SEGMENTS, MAX_TSO_BYTES, MAX_HEADER_BYTES, MIN_FRAME, maxMtu, vectors);
    }
}
