package dev.npa.sim.host;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicAdapter;
import java.util.List;

/** One hypervisor server: NICs with their PF drivers, a virtual switch a NIC, an image repository, VMs. */
public interface Host {

    String name();

    /**
     * Plugs a NIC, finds its PF driver and starts it.
     *
     * @param name unique on the host, as {@code nic0}
     * @param model as {@code 82599}
     * @param virtualFunctions VFs to enable
     * @throws IllegalArgumentException if there is no such model, or no PF driver for it; says which exist
     */
    default Nic addNic(String name, String model, int virtualFunctions) {
        return addAdapters(name, model, 1, virtualFunctions).get(0);
    }

    /**
     * Plugs a NIC of several physical functions on one port, finds their PF driver and starts one for each. Each is an
     * adapter of its own with an uplink, a virtual switch and VFs; the NIC's embedded switch connects them with each
     * other and with the wire, which they share.
     *
     * @param name of function 0, unique on the host; function N is {@code NAMEfN}
     * @param model as {@code 57712}
     * @param functions physical functions, 1..what the model has
     * @param vfsPerFunction VFs to enable for each
     * @return the adapters in the order of their functions
     * @throws IllegalArgumentException if there is no such model, or no PF driver for it, or it has not so many
     *     functions; says which exist
     */
    List<Nic> addAdapters(String name, String model, int functions, int vfsPerFunction);

    /**
     * Makes a VM, powered off.
     *
     * @param nic the VM's home NIC, whose virtual switch it is connected to; it may get VFs of every NIC of the host
     * @param memoryMiB guest memory, at least 16
     * @param mtu 68..9000
     * @param vlans VLANs of the VM, the same in emulated and passthrough mode; the NIC must have filters for them when
     *     the VM is powered on
     * @param guest how its guest is booted
     */
    VirtualMachine addVm(String name, Nic nic, MacAddress mac, int memoryMiB, int mtu, VlanPolicy vlans,
            GuestOptions guest);

    /** Makes a VM whose guest is booted as guests are when nothing is said. */
    default VirtualMachine addVm(String name, Nic nic, MacAddress mac, int memoryMiB, int mtu, VlanPolicy vlans) {
        return addVm(name, nic, mac, memoryMiB, mtu, vlans, GuestOptions.DEFAULT);
    }

    /** Makes a VM that uses no VLAN. */
    default VirtualMachine addVm(String name, Nic nic, MacAddress mac, int memoryMiB, int mtu) {
        return addVm(name, nic, mac, memoryMiB, mtu, VlanPolicy.UNTAGGED);
    }

    List<Nic> nics();

    List<VirtualMachine> vms();

    /** Images in the repository: name, version, devices, licence, and why one was refused. */
    List<ImageInfo> images();

    /** A NIC of a host. */
    interface Nic {
        String name();

        NicAdapter adapter();

        /** The link; the peer's side is where a scenario's external stations are. */
        Wire wire();

        int freeVirtualFunctions();

        /** Link state as its PF driver sees it. */
        LinkState link();

        /** Frames that the embedded switch dropped because of a foreign source address. */
        long spoofedFrames();
    }

    /**
     * An image of the repository.
     *
     * @param name plugin name
     * @param version bundle version
     * @param devices ids as {@code 8086:10ed}
     * @param licence SPDX expression
     * @param sha256 digest, hexadecimal
     * @param refusal why it cannot be injected; empty if it can
     */
    record ImageInfo(
            String name, String version, List<String> devices, String licence, String sha256, String refusal) {}
}
