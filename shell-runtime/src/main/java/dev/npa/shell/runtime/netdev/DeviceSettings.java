package dev.npa.shell.runtime.netdev;

import dev.npa.plugin.Feature;
import java.util.Set;

/**
 * How an operating system wants its network device.
 *
 * @param mtu largest payload of a frame, 68..9000
 * @param queues queue pairs, 1..{@value NetDevice#MAX_QUEUES}
 * @param rss how to spread received packets; null = as the NIC likes
 * @param without what no carrier is to do; transmit requests are met in software all the same
 */
public record DeviceSettings(int mtu, int queues, RssConfig rss, Set<Feature> without) {

    public DeviceSettings {
        if (mtu < 68 || mtu > 9000 || queues < 1 || queues > NetDevice.MAX_QUEUES) {
            throw new IllegalArgumentException("a network device with MTU " + mtu + " and " + queues
                    + " queue pairs was asked for; 68..9000 and 1.." + NetDevice.MAX_QUEUES + " can be had");
        }
        without = Set.copyOf(without);
    }

    /** Everything, on this many queues; with RSS over all of them if they are several. */
    public static DeviceSettings of(int mtu, int queues) {
        return new DeviceSettings(mtu, queues, queues == 1 ? null : RssConfig.spread(queues), Set.of());
    }

    /** Longest frame without FCS: payload, Ethernet header and one VLAN tag. */
    public int maxFrame() {
        return mtu + 18;
    }

    public DeviceSettings withMtu(int other) {
        return new DeviceSettings(other, queues, rss, without);
    }

    public DeviceSettings without(Set<Feature> features) {
        return new DeviceSettings(mtu, queues, rss, features);
    }
}
