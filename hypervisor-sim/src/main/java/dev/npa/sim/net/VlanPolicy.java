package dev.npa.sim.net;

import java.util.Set;

/**
 * What the hypervisor lets a VM do with VLANs. Immutable. At most one of the two is set; with neither, the VM sends and
 * receives untagged frames only. Frames with VLAN id 0 carry a priority, not a VLAN, and count as untagged, except that
 * a VM with a port VLAN neither sends nor receives them.
 *
 * @param portVlan VLAN that the hypervisor puts the VM in, 1..4094: its frames are tagged behind the VM and untagged
 *     before it, and what it tags itself is dropped; 0 = none
 * @param guestVlans VLANs whose tags the VM may use itself, 1..4094 each
 */
public record VlanPolicy(int portVlan, Set<Integer> guestVlans) {

    public static final int MIN_VLAN = 1;
    public static final int MAX_VLAN = 4094;

    /** No VLAN: untagged frames only. */
    public static final VlanPolicy UNTAGGED = new VlanPolicy(0, Set.of());

    public VlanPolicy {
        guestVlans = Set.copyOf(guestVlans);
        if (portVlan != 0) {
            check(portVlan);
        }
        guestVlans.forEach(VlanPolicy::check);
        if (portVlan != 0 && !guestVlans.isEmpty()) {
            throw new IllegalArgumentException("port VLAN " + portVlan + " and guest VLANs " + guestVlans
                    + " exclude each other; give a VM one or the other");
        }
    }

    private static void check(int vlan) {
        if (vlan < MIN_VLAN || vlan > MAX_VLAN) {
            throw new IllegalArgumentException("VLAN id " + vlan + " is not in " + MIN_VLAN + ".." + MAX_VLAN);
        }
    }

    /** The VLANs of the segment that the VM is a member of. */
    public Set<Integer> vlans() {
        return portVlan == 0 ? guestVlans : Set.of(portVlan);
    }
}
