package dev.npa.hw;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A virtual machine as the software in it sees it. The hypervisor registers exactly one in the guest's service
 * registry before it starts the guest's bundles: it is what firmware hands to an operating system.
 */
@ProviderType
public interface Machine {

    /** Slot of the paravirtual NIC (vmxnet3) on the guest's PCI bus. */
    int SLOT_VMXNET3 = 3;
    /** Slot of the workload channel on the guest's PCI bus. */
    int SLOT_CHANNEL = 4;
    /** First slot for hot-plugged virtual functions. */
    int SLOT_FIRST_VF = 8;
    /** Slots on the guest's PCI bus. */
    int SLOTS = 32;

    /** The machine's name, for logs only. */
    String name();

    /** Guest-physical memory. */
    PhysicalMemory memory();

    /** Interrupts of this machine. */
    InterruptController interrupts();

    Clock clock();

    /**
     * The PCI function in a slot of the guest's bus; empty when the slot is. Functions are plugged and unplugged while
     * the guest runs. A function that was unplugged answers all ones from then on.
     *
     * @param slot 0..{@link #SLOTS}-1
     */
    Optional<PciFunction> pci(int slot);

    /** Number of virtual CPUs. */
    int vcpus();

    /**
     * Gives a virtual CPU its code. From then on the machine's scheduler runs it. A CPU without work is expected to
     * return 0; an interrupt wakes it.
     *
     * @param vcpu 0..{@link #vcpus()}-1
     * @param code what the CPU executes; null halts it
     */
    void execute(int vcpu, Steppable code);
}
