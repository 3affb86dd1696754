package dev.npa.plugin.broadcom.ring;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.PacketFlags;

/**
 * What a transmit ring accepts; everything else is refused.
 *
 * @param maxFrame longest packet on the wire without FCS
 * @param maxSegments most segments of a packet
 * @param refusedFlags requests whose feature is not enabled
 * @param tsoV4 whether TSO over IPv4 is enabled
 * @param tsoV6 whether TSO over IPv6 is enabled
 */
public record TxLimits(int maxFrame, int maxSegments, int refusedFlags, boolean tsoV4, boolean tsoV6) {

    /** Shortest packet: its Ethernet header, which goes into the descriptors. Shorter frames than 60 are padded. */
    public static final int MIN_FRAME = 14;
    /**
     * Most segments of a packet. The device fetches 13 descriptors for a packet or for a segment of TSO, so that 10
     * fragments with start, parse and split descriptor always fit; no packet within this limit can fail the window
     * check of §4.5.
     */
    public static final int MAX_SEGMENTS = 10;
    /** Longest packet with TSO. */
    public static final int MAX_TSO_BYTES = 65536;
    /** Longest header with TSO: what offset and length fields can say is more, stacks need less. */
    public static final int MAX_HEADER_BYTES = 256;
    /** Longest segment with its headers; a longer one stops the firmware. §4.5, §15.1 */
    static final int MAX_TSO_FRAME = 9700;

    /** The limits of a configuration. */
    public static TxLimits of(PluginConfig config) {
        boolean v4 = config.has(Feature.TSO_V4);
        boolean v6 = config.has(Feature.TSO_V6);
        int refused = (config.has(Feature.TX_IP_CHECKSUM) ? 0 : PacketFlags.TX_IP_CHECKSUM)
                | (config.has(Feature.TX_L4_CHECKSUM) ? 0 : PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM)
                | (config.has(Feature.VLAN_INSERT) ? 0 : PacketFlags.TX_VLAN)
                | (v4 || v6 ? 0 : PacketFlags.TX_TSO);
        return new TxLimits(config.maxFrame(), config.has(Feature.SCATTER_GATHER) ? MAX_SEGMENTS : 1, refused, v4, v6);
    }
}
