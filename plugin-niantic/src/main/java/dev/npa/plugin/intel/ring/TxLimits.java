package dev.npa.plugin.intel.ring;

import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.Feature;
import dev.npa.shell.PacketFlags;

/**
 * What a transmit ring accepts; everything else is refused.
 *
 * @param minFrame shortest packet in bytes
 * @param maxFrame longest packet on the wire without FCS
 * @param maxTsoBytes longest packet with TSO
 * @param maxSegments most segments of a packet
 * @param maxHeaderBytes most header bytes with a checksum or TSO
 * @param refusedFlags requests whose feature is not enabled
 * @param tsoV4 whether TSO over IPv4 is enabled
 * @param tsoV6 whether TSO over IPv6 is enabled
 */
public record TxLimits(int minFrame, int maxFrame, int maxTsoBytes, int maxSegments, int maxHeaderBytes,
        int refusedFlags, boolean tsoV4, boolean tsoV6) {

    /** Shortest frame that the MAC takes and pads, on both chips. 82599 §6.3 */
    public static final int MIN_FRAME = 17;
    /** Most segments of a packet: 16 segments of 64 KiB in all need at most 21 of the 40 descriptors on the die. */
    public static final int MAX_SEGMENTS = 16;
    /** Longest packet with TSO. */
    public static final int MAX_TSO_BYTES = 65536;
    /** Longest header with TSO. 82599 §6.3 */
    public static final int MAX_HEADER_BYTES = 512;

    /** The limits of a configuration. */
    public static TxLimits of(PluginConfig config) {
        boolean v4 = config.has(Feature.TSO_V4);
        boolean v6 = config.has(Feature.TSO_V6);
        int refused = (config.has(Feature.TX_IP_CHECKSUM) ? 0 : PacketFlags.TX_IP_CHECKSUM)
                | (config.has(Feature.TX_L4_CHECKSUM) ? 0 : PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM)
                | (config.has(Feature.VLAN_INSERT) ? 0 : PacketFlags.TX_VLAN)
                | (v4 || v6 ? 0 : PacketFlags.TX_TSO);
        return new TxLimits(MIN_FRAME, config.maxFrame(), MAX_TSO_BYTES,
                config.has(Feature.SCATTER_GATHER) ? MAX_SEGMENTS : 1, MAX_HEADER_BYTES, refused, v4, v6);
    }
}
