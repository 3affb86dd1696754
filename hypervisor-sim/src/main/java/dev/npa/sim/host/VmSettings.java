package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.VlanPolicy;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a VM's guest asked of its NIC, within the hypervisor's policy: an address of its own, no promiscuous mode, spoof
 * check on, its own VLANs. Used under the NIC's lock; {@link #mac()} by any thread.
 */
final class VmSettings {

    private final int mtu;
    private final VlanPolicy policy;
    private volatile MacAddress mac;
    private PortFilter filter = PortFilter.CLOSED;

    VmSettings(MacAddress mac, int mtu, VlanPolicy policy) {
        this.mac = mac;
        this.mtu = mtu;
        this.policy = policy;
    }

    MacAddress mac() {
        return mac;
    }

    int mtu() {
        return mtu;
    }

    VlanPolicy policy() {
        return policy;
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
     * The same for a PF driver. A guest has those of its VLANs that it asks for: all when it lets every VLAN pass. With
     * a port VLAN it sees untagged frames only, whatever it asks for.
     */
    VfSettings forVf() {
        Set<Integer> vlans = new TreeSet<>(policy.guestVlans());
        if (filter.vlans() != null) {
            vlans.retainAll(filter.vlans());
        }
        return new VfSettings(mac, policy.portVlan(), mtu, true, filter.allMulticast(), false, filter.multicast(),
                vlans, 0);
    }
}
