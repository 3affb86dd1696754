package dev.npa.sim.net;

import dev.npa.hw.MacAddress;
import java.util.Arrays;

/**
 * A {@link PortFilter} compiled for the data path: no boxing, no allocation. Immutable.
 *
 * <p>Order of the tests: promiscuous passes everything; else the VLAN id (0 for untagged and priority-tagged frames)
 * must be in the table; then the destination decides.
 */
final class PortMatcher {

    private static final int VLANS = 4096;

    private final boolean unicast;
    private final boolean broadcast;
    private final boolean allMulticast;
    private final boolean promiscuous;
    private final long[] multicast;
    private final long[] vlans;

    PortMatcher(PortFilter filter) {
        unicast = filter.unicast();
        broadcast = filter.broadcast();
        allMulticast = filter.allMulticast();
        promiscuous = filter.promiscuous();
        multicast = filter.multicast().stream().mapToLong(MacAddress::value).sorted().toArray();
        if (filter.vlans() == null) {
            vlans = null;
        } else {
            vlans = new long[VLANS / 64];
            for (int vlan : filter.vlans()) {
                if (vlan < 0 || vlan >= VLANS) {
                    throw new IllegalArgumentException("VLAN id " + vlan + " is not in 0..4095");
                }
                vlans[vlan >> 6] |= 1L << vlan;
            }
        }
    }

    boolean isPromiscuous() {
        return promiscuous;
    }

    /**
     * Whether a frame passes.
     *
     * @param vlan VLAN id that the guest would see; 0 for untagged and priority-tagged frames
     * @param own whether a unicast destination is known to be this port's
     */
    boolean passes(int vlan, long destination, boolean own) {
        if (promiscuous) {
            return true;
        }
        if (vlans != null && (vlans[vlan >> 6] & 1L << vlan) == 0) {
            return false;
        }
        if ((destination >>> 40 & 1) == 0) {
            return own && unicast;
        }
        if (destination == 0xFFFF_FFFF_FFFFL) {
            return broadcast;
        }
        return allMulticast || Arrays.binarySearch(multicast, destination) >= 0;
    }
}
