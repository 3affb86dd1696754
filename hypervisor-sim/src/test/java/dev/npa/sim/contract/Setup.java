package dev.npa.sim.contract;

import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a bench is to be.
 *
 * @param vms guests on each physical function
 * @param functions physical functions
 * @param queues queue pairs of each guest
 * @param ring descriptors of each ring, brought to what the device can do
 * @param without features that are declared and not enabled
 * @param settings what the host makes of a guest's settings; the emulated device follows the RSS part only
 */
record Setup(int vms, int functions, int queues, int ring, int mtu, Set<Feature> without,
        UnaryOperator<VfSettings> settings) {

    /** VLANs that guests use themselves, unless a test says otherwise. */
    static final Set<Integer> VLANS = Set.of(5, 100, 4094);

    static VfSettings vlans(VfSettings s, Set<Integer> vlans) {
        return new VfSettings(s.mac(), s.vlan(), s.mtu(), s.spoofCheck(), s.allMulticast(), s.promiscuous(),
                s.multicast(), vlans, s.megabitsPerSecond(), s.rss());
    }

    static Setup standard() {
        return new Setup(2, 1, 1, 256, 1500, Set.of(), s -> vlans(s, VLANS));
    }

    Setup mtu(int bytes) {
        return new Setup(vms, functions, queues, ring, bytes, without, settings);
    }

    Setup ring(int descriptors) {
        return new Setup(vms, functions, queues, descriptors, mtu, without, settings);
    }

    Setup functions(int count) {
        return new Setup(vms, count, queues, ring, mtu, without, settings);
    }

    Setup without(Feature... features) {
        return new Setup(vms, functions, queues, ring, mtu, Set.of(features), settings);
    }

    Setup settings(UnaryOperator<VfSettings> change) {
        return new Setup(vms, functions, queues, ring, mtu, without, change);
    }

    /** Several queues, RSS by the standard key over all of them. */
    Setup queues(int count) {
        return new Setup(vms, functions, count, ring, mtu, without,
                s -> settings.apply(s).withRss(RssSettings.spread(count)));
    }

    @Override
    public String toString() {
        return vms + " guests on " + functions + " functions, " + queues + " queues of " + ring + ", MTU " + mtu
                + ", without " + without;
    }

    PluginConfig config(PluginCapabilities can) {
        EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
        features.addAll(can.features());
        features.removeAll(without);
        int descriptors = can.ringSize(ring);
        int vectors = Math.min(queues, can.vectors());
        return new PluginConfig(queues, queues, descriptors, descriptors, mtu, vectors, features);
    }
}
