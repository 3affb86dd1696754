package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.hw.Machine;
import dev.npa.pf.VfSettings;
import dev.npa.sim.image.StoredImage;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.nic.NicFunction;

/**
 * A virtual function in the hands of a VM: from the assignment by the PF driver to the reset and return to the pool.
 * Used under the NIC's lock.
 */
final class VfLease implements Carrier {

    private final HostNic nic;
    private final GuestSide guest;
    private final IommuDomain domain;
    private final int vf;
    private final int slot;
    private final int sequence;
    private final StoredImage image;
    private final NicFunction function;
    private boolean assigned;

    private VfLease(HostNic nic, GuestSide guest, IommuDomain domain, int vf, int slot, int sequence,
            StoredImage image) {
        this.nic = nic;
        this.guest = guest;
        this.domain = domain;
        this.vf = vf;
        this.slot = slot;
        this.sequence = sequence;
        this.image = image;
        this.function = nic.adapter().virtualFunction(vf);
    }

    /**
     * Takes a free VF, has the PF driver set up its control path, lets it reach the guest's memory and plugs it into
     * the guest. If one of these fails, all of it is undone.
     *
     * @param slot plugin slot that it is for
     * @param sequence request that it is for
     * @param onlyOfVm whether the VM holds no other VF
     * @throws RuntimeException what the PF driver or the function threw
     */
    static VfLease take(HostNic nic, GuestSide guest, IommuDomain domain, int slot, int sequence, StoredImage image,
            VfSettings settings, boolean onlyOfVm) {
        int vf = nic.pool().take();
        if (vf < 0) {
            throw new IllegalStateException(nic.name() + " has no free virtual function; all " + nic.pool().size()
                    + " are given away");
        }
        VfLease lease = new VfLease(nic, guest, domain, vf, slot, sequence, image);
        try {
            nic.driver().assign(vf, settings);
            lease.assigned = true;
            domain.map(guest.memory().base(), guest.memory().size(), IommuDomain.READ | IommuDomain.WRITE);
            lease.function.dma().attach(domain, guest.interrupts());
            guest.plug(lease.pciSlot(), lease.function);
        } catch (RuntimeException e) {
            lease.release(onlyOfVm);
            throw e;
        }
        return lease;
    }

    @Override
    public HostNic nic() {
        return nic;
    }

    @Override
    public void open() {
        nic.driver().activate(vf);
    }

    /** The PF driver turns an address back to the uplink, which has no use for it: the VM is not at home here. */
    @Override
    public void close(MacAddress mac) {
        nic.driver().deactivate(vf);
        try {
            nic.driver().removeUplinkAddress(mac);
        } catch (RuntimeException e) {
            nic.driver().activate(vf);
            throw e;
        }
    }

    int vf() {
        return vf;
    }

    int slot() {
        return slot;
    }

    int sequence() {
        return sequence;
    }

    StoredImage image() {
        return image;
    }

    NicFunction function() {
        return function;
    }

    int pciSlot() {
        return Machine.SLOT_FIRST_VF + slot;
    }

    /**
     * Takes the VF back: reset, away from memory and bus, and back to the pool. Goes through with all steps whatever
     * one of them throws.
     *
     * @param lastOfVm whether the VM holds no other VF, so that nothing of its memory stays mapped
     * @return what failed; null if nothing did. A VF that could not be reset does not go back to the pool
     */
    RuntimeException release(boolean lastOfVm) {
        RuntimeException failure = attempt(null, () -> PciConfig.functionLevelReset(function));
        boolean reset = failure == null;
        function.dma().attach(null, null);
        if (lastOfVm) {
            domain.unmap(guest.memory().base(), guest.memory().size());
        }
        guest.unplug(pciSlot());
        if (assigned) {
            assigned = false;
            failure = attempt(failure, () -> nic.driver().release(vf));
        }
        if (reset) {
            nic.pool().give(vf);
        }
        return failure;
    }

    private static RuntimeException attempt(RuntimeException before, Runnable step) {
        try {
            step.run();
            return before;
        } catch (RuntimeException e) {
            return before == null ? e : before;
        }
    }
}
