package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import dev.npa.sim.net.PortFilter;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a VM's guest asked of its NIC, within the hypervisor's policy: an address of its own, no promiscuous mode, spoof
 * check on. Used under the NIC's lock; {@link #mac()} by any thread.
 */
final class VmSettings {

    /** VLAN ids that a guest can have on a VF; an 82599 has 63 filters for all of its VFs. */
    private static final int MAX_VLANS = 32;

    private final int mtu;
    private volatile MacAddress mac;
    private PortFilter filter = PortFilter.CLOSED;

    VmSettings(MacAddress mac, int mtu) {
        this.mac = mac;
        this.mtu = mtu;
    }

    MacAddress mac() {
        return mac;
    }

    int mtu() {
        return mtu;
    }

    void mac(MacAddress newMac) {
        mac = newMac;
    }

    PortFilter filter() {
        return filter;
    }

    void filter(PortFilter newFilter) {
        filter = newFilter;
    }

    /**
     * The same for a PF driver. A guest that lets all VLANs pass, or more than hardware can list, does not filter: its
     * VF gets untagged and priority-tagged frames.
     */
    VfSettings forVf() {
        Set<Integer> vlans = new TreeSet<>();
        if (filter.vlans() != null && filter.vlans().size() <= MAX_VLANS) {
            vlans.addAll(filter.vlans());
            vlans.remove(0);
        }
        return new VfSettings(mac, 0, mtu, true, filter.allMulticast(), false, filter.multicast(), vlans, 0);
    }
}
