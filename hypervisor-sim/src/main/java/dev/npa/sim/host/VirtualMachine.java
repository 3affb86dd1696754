package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.FrameTap;
import dev.npa.sim.traffic.GuestChannel;
import java.util.List;
import java.util.Map;

/** A virtual machine on a host: guest memory, devices, a guest framework of its own. */
public interface VirtualMachine {

    /** The life of a VM; the table of transitions is in its implementation. */
    enum State {
        OFF, BOOTING, EMULATED, TO_PASSTHROUGH, PASSTHROUGH, TO_EMULATED, FAULTED
    }

    String name();

    MacAddress mac();

    State state();

    /** The NIC that it is connected to while emulated. */
    Host.Nic homeNic();

    /** The NIC that carries the data path: the home NIC, or the one whose VF it has. */
    Host.Nic carrierNic();

    /**
     * Plugin that carries the data path: {@code emulated}, {@code niantic 1.0.0}, or {@code niantic 1.0.0 on nic1} when
     * that is not the home NIC.
     */
    String carrier();

    /** Boots the guest framework. The VM is EMULATED once the guest has activated its device. */
    void powerOn();

    /** Stops the guest and takes everything back. */
    void powerOff();

    /**
     * Requests passthrough on the NIC that carries the data path now; see
     * {@link #passthrough(Host.Nic, String, String)}.
     */
    default Switchover passthrough(String image, String version) {
        return passthrough(null, image, version);
    }

    /**
     * Requests passthrough with the newest image that fits, or a swap when it is in passthrough already.
     *
     * @param nic NIC of the VM's host whose VF it shall get; null = the one that carries the data path now. Another one
     *     must be in one network with that
     * @param image plugin name such as {@code niantic}, or null for any that drives the hardware
     * @param version exact version such as {@code 1.0.0}, or null for the newest that fits
     */
    Switchover passthrough(Host.Nic nic, String image, String version);

    /** Requests the way back to emulation on the home NIC. */
    Switchover emulate();

    /** Every switchover of this VM, oldest first. */
    List<Switchover> switchovers();

    /** Door for the workload: frames for the guest's stack to send and frames it received. */
    GuestChannel channel();

    /** Sees every frame at the virtual NIC while emulated. */
    void tap(FrameTap tap);

    /**
     * Decoded state of a ring of whatever carries the data path, for people.
     *
     * @param queue queue index
     * @param transmit transmit or receive ring
     */
    String describeRing(int queue, boolean transmit);

    /** How its guest is booted. */
    GuestOptions guest();

    /**
     * Counters of the guest's network device by name, as the guest's own agent reports them: {@code tx_packets} for the
     * device, {@code queue_0_tx_packets} for a queue pair, {@code carrier_queue_0_tx_doorbells} and
     * {@code device_rx_frames} for what carries it. They go on over switchovers and begin anew with each boot. Empty
     * while the VM is off.
     */
    Map<String, Long> statistics();

    /** What the unloaded plugins left behind, for the account at the end. */
    Leftovers leftovers();

    /**
     * Census after unloads.
     *
     * @param unloaded plugin images uninstalled
     * @param classLoadersCollected how many of their class loaders were collected so far (asks the garbage collector)
     * @param vfsHeld VFs still assigned
     * @param pagesMapped IOMMU pages still mapped for VFs
     * @param reclaimedBuffers packet buffers that the shell freed on plugins' behalf
     * @param reclaimedWindows DMA windows that it freed on their behalf
     * @param faults plugins dropped because they failed
     */
    record Leftovers(
            int unloaded,
            int classLoadersCollected,
            int vfsHeld,
            int pagesMapped,
            int reclaimedBuffers,
            int reclaimedWindows,
            int faults) {}
}
