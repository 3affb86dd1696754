package dev.npa.pf;

import dev.npa.hw.MacAddress;
import java.util.Set;

/**
 * What the hypervisor wants of a virtual function. Immutable.
 *
 * @param mac the VM's address
 * @param vlan VLAN id that the PF enforces (inserted on transmit, removed and hidden on receive); 0 = none
 * @param mtu largest payload in bytes
 * @param spoofCheck drop frames with a foreign source address
 * @param allMulticast receive every multicast
 * @param promiscuous receive everything the switch would send to the PF; needs a trusted VM and a device that can
 * @param multicast multicast addresses to receive
 * @param vlans VLAN ids that the guest itself uses (tagged frames are received for these only)
 * @param megabitsPerSecond transmit rate limit; 0 = none
 * @param rss how to spread received packets over the VF's queues; null = all to queue 0, no hash
 */
public record VfSettings(
        MacAddress mac,
        int vlan,
        int mtu,
        boolean spoofCheck,
        boolean allMulticast,
        boolean promiscuous,
        Set<MacAddress> multicast,
        Set<Integer> vlans,
        int megabitsPerSecond,
        RssSettings rss) {

    public VfSettings {
        multicast = Set.copyOf(multicast);
        vlans = Set.copyOf(vlans);
    }

    /** One receive queue. */
    public VfSettings(MacAddress mac, int vlan, int mtu, boolean spoofCheck, boolean allMulticast, boolean promiscuous,
            Set<MacAddress> multicast, Set<Integer> vlans, int megabitsPerSecond) {
        this(mac, vlan, mtu, spoofCheck, allMulticast, promiscuous, multicast, vlans, megabitsPerSecond, null);
    }

    /** Settings of an ordinary VM: spoof check on, broadcast only, no VLAN, no rate limit, one receive queue. */
    public static VfSettings of(MacAddress mac, int mtu) {
        return new VfSettings(mac, 0, mtu, true, false, false, Set.of(), Set.of(), 0);
    }

    /** The same with other RSS settings; null = off. */
    public VfSettings withRss(RssSettings other) {
        return new VfSettings(mac, vlan, mtu, spoofCheck, allMulticast, promiscuous, multicast, vlans,
                megabitsPerSecond, other);
    }
}
