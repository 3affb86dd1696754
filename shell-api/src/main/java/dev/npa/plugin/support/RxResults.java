package dev.npa.plugin.support;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.PacketFlags;

/** Which result flags of received packets a configuration wants to see. */
public final class RxResults {

    private static final int PROTOCOLS = PacketFlags.RX_IPV4 | PacketFlags.RX_IPV6 | PacketFlags.RX_TCP
            | PacketFlags.RX_UDP | PacketFlags.RX_FRAGMENT;
    private static final int CHECKSUMS = PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_GOOD
            | PacketFlags.RX_L4_BAD;

    private RxResults() {}

    /** A mask of {@link PacketFlags}: protocols always, other results with their feature. */
    public static int shown(PluginConfig config) {
        return PROTOCOLS | (config.has(Feature.RX_CHECKSUM) ? CHECKSUMS : 0)
                | (config.has(Feature.VLAN_STRIP) ? PacketFlags.RX_VLAN : 0)
                | (config.has(Feature.RSS) ? PacketFlags.RX_HASH : 0);
    }
}
