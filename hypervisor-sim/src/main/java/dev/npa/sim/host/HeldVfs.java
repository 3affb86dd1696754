package dev.npa.sim.host;

import dev.npa.sim.image.StoredImage;
import dev.npa.sim.machine.IommuDomain;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The VFs that a VM holds, of whatever NIC, by plugin slot. They share one IOMMU domain, which is mapped as long as
 * there is one.
 *
 * <p>Changed under the locks of {@link #nics}; these are the NICs whose locks any work on the VM's data path needs: its
 * home NIC, those of its VFs, and the one where it goes next.
 */
final class HeldVfs {

    /** Plugins that a guest can hold at the same time. */
    static final int SLOTS = 2;

    private final HostNic home;
    private final GuestSide guest;
    private final IommuDomain domain;
    private final VfLease[] leases = new VfLease[SLOTS];
    private HostNic reserved;
    private volatile List<HostNic> nics;

    HeldVfs(String vm, HostNic home, GuestSide guest) {
        this.home = home;
        this.guest = guest;
        this.domain = new IommuDomain(vm, guest.memory());
        this.nics = List.of(home);
    }

    /** NICs to lock, in the order of locking. Any thread. */
    List<HostNic> nics() {
        return nics;
    }

    /** The same with one more. Any thread. */
    List<HostNic> nics(HostNic more) {
        List<HostNic> now = nics;
        return now.contains(more) ? now : sorted(Stream.concat(now.stream(), Stream.of(more)));
    }

    private static List<HostNic> sorted(Stream<HostNic> all) {
        return all.distinct().sorted(Comparator.comparingInt(HostNic::index)).toList();
    }

    /** A NIC that is wanted later, without a call that could take its lock first; null = none. */
    void reserve(HostNic nic) {
        reserved = nic;
        refresh();
    }

    private void refresh() {
        Stream<HostNic> held = all().stream().map(VfLease::nic);
        nics = sorted(Stream.concat(Stream.of(home, reserved).filter(Objects::nonNull), held));
    }

    /**
     * Takes a VF for a plugin slot, which must be free.
     *
     * @throws RuntimeException what the PF driver or the function threw; nothing is held then
     */
    VfLease take(HostNic nic, int slot, int sequence, StoredImage image, VmSettings settings) {
        VfLease lease = VfLease.take(nic, guest, domain, slot, sequence, image, settings.forVf(nic.driver()),
                count() == 0);
        leases[slot] = lease;
        refresh();
        return lease;
    }

    /** What a slot holds; null if it is free or there is no such slot. */
    VfLease in(int slot) {
        return slot >= 0 && slot < SLOTS ? leases[slot] : null;
    }

    List<VfLease> all() {
        return Arrays.stream(leases).filter(Objects::nonNull).toList();
    }

    int count() {
        return all().size();
    }

    int pagesMapped() {
        return domain.mappedPages();
    }

    /** Gives one back; returns what failed, or null. */
    RuntimeException release(VfLease lease) {
        RuntimeException failure = lease.release(count() == 1);
        leases[lease.slot()] = null;
        refresh();
        return failure;
    }
}
