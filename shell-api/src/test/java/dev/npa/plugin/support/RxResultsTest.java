package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.PacketFlags;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RxResultsTest {

    private static int shown(Feature... features) {
        return RxResults.shown(new PluginConfig(1, 1, 128, 128, 1500, 0, Set.of(features)));
    }

    @Test
    void protocolsAreAlwaysShown() {
        assertEquals(PacketFlags.RX_IPV4 | PacketFlags.RX_IPV6 | PacketFlags.RX_TCP | PacketFlags.RX_UDP
                | PacketFlags.RX_FRAGMENT, shown());
    }

    @Test
    void otherResultsComeWithTheirFeature() {
        assertEquals(PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD,
                shown(Feature.RX_CHECKSUM) ^ shown());
        assertEquals(PacketFlags.RX_VLAN, shown(Feature.VLAN_STRIP) ^ shown());
        assertEquals(PacketFlags.RX_HASH, shown(Feature.RSS) ^ shown());
    }
}
