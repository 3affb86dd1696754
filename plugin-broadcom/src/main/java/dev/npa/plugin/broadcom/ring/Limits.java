package dev.npa.plugin.broadcom.ring;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import java.util.EnumSet;

/** What the rings can do, for a VF and for the uplink. */
public final class Limits {

    /** Most queue pairs of a VF, with a vector each; the PF driver may grant less. §1 */
    private static final int PAIRS = 16;
    /** Smallest ring that the firmware's thresholds are meant for. §3 */
    private static final int MIN_RING = 128;
    /**
     * Completions that 64 pages hold besides the page that is kept free; drivers in the field use no more. A large ring
     * with TPA may run short of them before it runs short of buffers.
     */
    static final int MAX_RING = 3968;
    /**
     * Most segments of a packet. The device fetches 13 descriptors for a packet or for a segment of TSO, so that 10
     * fragments with start, parse and split descriptor always fit; no packet within this limit can fail the window
     * check of §4.5.
     */
    static final int MAX_SEGMENTS = 10;
    private static final int MAX_TSO_BYTES = 65536;
    /** Longest header: what offset and length fields can say is more, stacks need less. */
    private static final int MAX_HEADER_BYTES = 256;
    /** Shortest packet: its Ethernet header, which goes into the descriptors. Shorter frames than 60 are padded. */
    static final int MIN_FRAME = 14;
    /** §1. With it, no segment of TSO reaches the 9700 bytes at which the firmware stops. §4.5, §15.1 */
    private static final int MAX_MTU = 9600;

    /** As a plugin declares it. */
    public static final PluginCapabilities CAPABILITIES = new PluginCapabilities(EnumSet.allOf(Feature.class), PAIRS,
            PAIRS, MIN_RING, MAX_RING, 1, MAX_SEGMENTS, MAX_TSO_BYTES, MAX_HEADER_BYTES, MIN_FRAME, MAX_MTU, PAIRS);

    private Limits() {}
}
