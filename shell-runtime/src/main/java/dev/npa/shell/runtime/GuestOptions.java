package dev.npa.shell.runtime;

import dev.npa.plugin.Feature;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import java.util.Set;

/**
 * How a guest is to be booted.
 *
 * @param system operating system
 * @param mtu largest payload of a frame, 68..9000
 * @param queues queue pairs, 1..8; 0 = as many as memory is good for
 * @param without features that no carrier is to use
 * @param warmUpPackets packets that a plugin handles on its scratch device before it gets traffic
 */
record GuestOptions(GuestOsFactory system, int mtu, int queues, Set<Feature> without,
        int warmUpPackets) {

    static GuestOptions of(int mtu) {
        return new GuestOptions(Systems.first(), mtu, 0, Set.of(), 0);
    }
}
