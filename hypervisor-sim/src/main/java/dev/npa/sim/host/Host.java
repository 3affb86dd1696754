package dev.npa.sim.host;

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
    Nic addNic(String name, String model, int virtualFunctions);

    /**
     * Makes a VM, powered off.
     *
     * @param nic the NIC whose virtual switch it is connected to and whose VFs it may get
     * @param memoryMiB guest memory, at least 16
     * @param mtu 68..9000
     * @param vlans VLANs of the VM, the same in emulated and passthrough mode; the NIC must have filters for them when
     *     the VM is powered on
     */
    VirtualMachine addVm(String name, Nic nic, MacAddress mac, int memoryMiB, int mtu, VlanPolicy vlans);

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
