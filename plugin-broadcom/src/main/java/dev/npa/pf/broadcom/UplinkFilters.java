package dev.npa.pf.broadcom;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.broadcom.hsi.RuleSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the uplink receives: addresses of VMs in emulated mode, their VLANs, every multicast and broadcast. An address
 * that an active VF has is the VF's alone until it is turned back.
 */
final class UplinkFilters {

    private final ClientRules rules;
    private final PathLayout layout;
    private final List<VfState> vfs;
    private final Set<MacAddress> wanted = new HashSet<>();
    private final TreeMap<Integer, Integer> members = new TreeMap<>();

    UplinkFilters(ClientRules rules, PathLayout layout, List<VfState> vfs) {
        this.rules = rules;
        this.layout = layout;
        this.vfs = vfs;
    }

    /** Receives untagged frames to the PF's own address, every multicast and broadcast. */
    void open(MacAddress own) {
        wanted.add(own);
        applyVlans();
        refresh();
        rules.accept(RuleSet.MCAST_ACCEPT_ALL | RuleSet.BCAST_ACCEPT_ALL);
    }

    void close() {
        rules.removeAll();
    }

    void add(MacAddress mac) {
        if (!wanted.contains(mac)) {
            requireRoomForAddress(mac);
            wanted.add(mac);
            refresh();
        }
    }

    /** An address of a VF is the uplink's again; there is room, since it had one before. */
    void turnBack(MacAddress mac) {
        wanted.add(mac);
        refresh();
    }

    void remove(MacAddress mac) {
        if (wanted.remove(mac)) {
            refresh();
        }
    }

    /** Gives the uplink the addresses that it wants and no active VF has. */
    void refresh() {
        Set<MacAddress> macs = new TreeSet<>(wanted);
        for (VfState vf : vfs) {
            if (vf.isActive()) {
                macs.remove(vf.settings().mac());
            }
        }
        rules.macs(macs);
    }

    void addVlan(int vlan) {
        if (!members.containsKey(vlan)) {
            requireRoomForVlans(members.size() + 1, -1, Set.of());
        }
        members.merge(vlan, 1, Integer::sum);
        applyVlans();
    }

    void removeVlan(int vlan) {
        members.computeIfPresent(vlan, (v, count) -> count == 1 ? null : count - 1);
        applyVlans();
    }

    private void applyVlans() {
        Set<Integer> vlans = new TreeSet<>(members.keySet());
        vlans.add(0);
        rules.vlans(vlans);
    }

    /** Refuses VLANs of a VF for which the device has no rules left. */
    void requireRoomForVlans(VfState vf, Set<Integer> vlans) {
        requireRoomForVlans(members.size(), vf.index(), vlans);
    }

    private void requireRoomForVlans(int uplink, int vf, Set<Integer> vlans) {
        int used = uplink + 1 + vlans.size();
        for (VfState other : vfs) {
            if (other.isAssigned() && other.index() != vf) {
                used += other.wishes().vlans(other.settings()).size();
            }
        }
        if (used > layout.credits()) {
            throw new PfException("57712: the uplink and all VFs would need " + used + " VLAN filters; the PF has "
                    + layout.credits() + ", use fewer VLANs");
        }
    }

    private void requireRoomForAddress(MacAddress mac) {
        if (wanted.size() + vfs.size() >= layout.credits()) {
            throw new PfException("57712: all " + layout.credits() + " address filters of the PF are in use or kept for"
                    + " its VFs; remove an uplink address before adding " + mac);
        }
    }
}
