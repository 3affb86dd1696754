package dev.npa.pf.broadcom;

import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.pf.broadcom.hsi.RuleSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a guest asked for through the channel, within what the hypervisor's settings allow. A guest that asks for
 * nothing gets what the settings say.
 */
final class GuestWishes {

    private boolean noAddress;
    private boolean noFrames;
    private final Set<Integer> leftVlans = new HashSet<>();
    private Set<MacAddress> multicast;
    private RssSettings rss;

    void clear() {
        noAddress = false;
        noFrames = false;
        leftVlans.clear();
        multicast = null;
        rss = null;
    }

    /** Whether the guest wants frames for its address. */
    void address(boolean wanted) {
        noAddress = !wanted;
    }

    /** Whether the guest wants frames at all. */
    void frames(boolean wanted) {
        noFrames = !wanted;
    }

    void vlan(int vlan, boolean member) {
        if (member) {
            leftVlans.remove(vlan);
        } else {
            leftVlans.add(vlan);
        }
    }

    void multicast(Set<MacAddress> wanted) {
        multicast = Set.copyOf(wanted);
    }

    RssSettings rss() {
        return rss;
    }

    void rss(RssSettings wanted) {
        rss = wanted;
    }

    Set<MacAddress> macs(VfSettings settings) {
        return noAddress ? Set.of() : Set.of(settings.mac());
    }

    /** VLANs whose members the VF is; 0 stands for frames without a VLAN. */
    Set<Integer> vlans(VfSettings settings) {
        if (settings.vlan() != 0) {
            return Set.of(settings.vlan());
        }
        Set<Integer> vlans = new TreeSet<>(settings.vlans());
        vlans.add(0);
        vlans.removeAll(leftVlans);
        return vlans;
    }

    /** Bins of the multicast filter. */
    Set<Integer> bins(VfSettings settings) {
        Set<Integer> bins = new TreeSet<>();
        for (MacAddress mac : settings.multicast()) {
            if (multicast == null || multicast.contains(mac)) {
                bins.add(RuleSet.binOf(mac));
            }
        }
        return bins;
    }

    /** Accept bits of an active VF. §9.5: any wish turns into unicast, multicast and broadcast. */
    int accept(VfSettings settings) {
        if (noFrames) {
            return RuleSet.DROP_ALL;
        }
        return RuleSet.BCAST_ACCEPT_ALL | (settings.allMulticast() ? RuleSet.MCAST_ACCEPT_ALL : 0);
    }
}
