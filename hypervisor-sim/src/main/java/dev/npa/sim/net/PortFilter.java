package dev.npa.sim.net;

import dev.npa.hw.MacAddress;
import java.util.Set;

/**
 * Receive filter of a switch port.
 *
 * @param unicast frames to the port's own address
 * @param broadcast broadcast frames
 * @param allMulticast every multicast
 * @param promiscuous everything
 * @param multicast multicast addresses
 * @param vlans VLAN ids that pass; untagged and priority-tagged frames pass when it contains 0; null = all
 */
public record PortFilter(
        boolean unicast,
        boolean broadcast,
        boolean allMulticast,
        boolean promiscuous,
        Set<MacAddress> multicast,
        Set<Integer> vlans) {

    /** Nothing passes, as after activation. */
    public static final PortFilter CLOSED = new PortFilter(false, false, false, false, Set.of(), Set.of());

    public PortFilter {
        multicast = Set.copyOf(multicast);
        vlans = vlans == null ? null : Set.copyOf(vlans);
    }
}
