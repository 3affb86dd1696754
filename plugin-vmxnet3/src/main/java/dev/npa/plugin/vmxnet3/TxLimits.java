package dev.npa.plugin.vmxnet3;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.PacketFlags;

/**
 * What a transmit queue accepts by its configuration; everything else is refused.
 *
 * @param maxFrame longest packet on the wire without FCS
 * @param maxSegments most segments of a packet
 * @param refusedFlags requests whose feature is not enabled
 * @param tsoV4 whether TSO over IPv4 is enabled
 * @param tsoV6 whether TSO over IPv6 is enabled
 */
record TxLimits(int maxFrame, int maxSegments, int refusedFlags, boolean tsoV4, boolean tsoV6) {

    /** hlen has ten bits. §9 */
    static final int MAX_HEADERS = 1023;

    private static final int IP = PacketFlags.TX_IPV4 | PacketFlags.TX_IPV6;

    /** The limits of a configuration. */
    static TxLimits of(PluginConfig config) {
        boolean v4 = config.has(Feature.TSO_V4);
        boolean v6 = config.has(Feature.TSO_V6);
        int l4 = PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
        int refused = (config.has(Feature.TX_L4_CHECKSUM) ? 0 : l4)
                | (config.has(Feature.VLAN_INSERT) ? 0 : PacketFlags.TX_VLAN)
                | (v4 || v6 ? 0 : PacketFlags.TX_TSO);
        return new TxLimits(config.maxFrame(),
                config.has(Feature.SCATTER_GATHER) ? TxDescriptor.MAX_PER_PACKET : 1, refused, v4, v6);
    }

    /** Whether a packet with these flags may be cut: TCP over the one IP version that it says. */
    boolean cuts(int flags) {
        return (flags & PacketFlags.TX_UDP_CHECKSUM) == 0
                && ((flags & IP) == PacketFlags.TX_IPV4 ? tsoV4 : (flags & IP) == PacketFlags.TX_IPV6 && tsoV6);
    }
}
