package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfDriver;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.VlanPolicy;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a VM's guest asked of its NIC, within the hypervisor's policy: an address of its own, no promiscuous mode, spoof
 * check on, its own VLANs. Used under the home NIC's lock; {@link #mac()} by any thread.
 */
final class VmSettings {

    private final int mtu;
    private final VlanPolicy policy;
    private volatile MacAddress mac;
    private PortFilter filter = PortFilter.CLOSED;
    private RssSettings rss;

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

    /** How the guest wants received packets spread; null = off. */
    RssSettings rss() {
        return rss;
    }

    void rss(RssSettings newRss) {
        rss = newRss;
    }

    /**
     * The same for a PF driver and the queues of its VFs. A guest has those of its VLANs that it asks for: all when it
     * lets every VLAN pass. With a port VLAN it sees untagged frames only, whatever it asks for.
     */
    VfSettings forVf(PfDriver driver) {
        Set<Integer> vlans = new TreeSet<>(policy.guestVlans());
        if (filter.vlans() != null) {
            vlans.retainAll(filter.vlans());
        }
        return new VfSettings(mac, policy.portVlan(), mtu, true, filter.allMulticast(), false, filter.multicast(),
                vlans, 0, rss == null ? null : rss.within(driver.queuesPerVf()));
    }
}
