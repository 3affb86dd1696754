package dev.npa.pf;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Driver of one physical function. Calls that fail throw {@link PfException} and change nothing.
 *
 * <p>Life of a VF: {@link #assign} (control path programmed, no traffic) - {@link #activate} (its address moves from
 * the uplink to the VF) - {@link #deactivate} (the address moves back) - {@link #release}.
 */
@ConsumerType
public interface PfDriver {

    /**
     * Resets the device, brings up the uplink queues and enables virtual functions through the SR-IOV capability.
     *
     * @param virtualFunctions how many VFs to enable, 0..{@link #maxVirtualFunctions()}
     */
    void start(int virtualFunctions);

    /** Disables virtual functions, queues and interrupts; the device does no DMA afterwards. Frees everything. */
    void stop();

    /** VFs that the device can give away. */
    int maxVirtualFunctions();

    /**
     * Queue pairs of each VF, at least 1; constant once the driver is started. A device may have fewer for each VF the
     * more VFs are enabled.
     */
    int queuesPerVf();

    /** Link state of the port. */
    LinkState link();

    /** Largest MTU that VFs and the uplink can use at the same time. */
    int maxMtu();

    /** Transmit queue of the uplink. Same contract as a plugin's. */
    TxQueue uplinkTx();

    /**
     * Segments of a packet with {@link dev.npa.shell.PacketFlags#TX_TSO} that {@link #uplinkTx} takes at most, TCP over
     * IPv4 and IPv6 alike; 0 = it cuts no packets.
     */
    int uplinkTsoSegments();

    /** Receive queue of the uplink. Same contract as a plugin's. */
    RxQueue uplinkRx();

    /** Has the device deliver frames for this address to the uplink (a VM in emulated mode). Idempotent. */
    void addUplinkAddress(MacAddress mac);

    /** Undoes {@link #addUplinkAddress}. Idempotent. */
    void removeUplinkAddress(MacAddress mac);

    /**
     * Has the device deliver frames of this VLAN to the uplink, as their destination address says (a VM in emulated
     * mode uses it, or will). Calls are counted: the uplink stays a member until {@link #removeUplinkVlan} was called
     * as often. Independent of the VLANs of VFs, in whatever order they are assigned and released.
     *
     * @param vlan 1..4094; untagged frames and those of VLAN 0 always reach the uplink
     * @throws PfException also if the device has no filter left; says how many it has
     */
    void addUplinkVlan(int vlan);

    /** Takes back one {@link #addUplinkVlan}; does nothing when none is left. */
    void removeUplinkVlan(int vlan);

    /**
     * Programs the control path of a VF for a VM; no frame reaches or leaves the VF yet.
     *
     * @param vf 0..enabled-1
     */
    void assign(int vf, VfSettings settings);

    /** Changes the settings of an assigned VF, also while it is active. */
    void update(int vf, VfSettings settings);

    /**
     * Lets the VF send, and turns its VM's address to it: from the uplink, on a swap from the VF that had it, or from
     * nowhere when the VM comes from another NIC and the uplink never had the address. Frames that the device has
     * already received are not moved; call between {@link #pauseReceive} and {@link #resumeReceive} for an exact cut.
     */
    void activate(int vf);

    /**
     * Turns the VM's address back to the uplink. The VF's rings stay as they are, so that they can be drained. A VM
     * that goes on to another NIC leaves by this and {@link #removeUplinkAddress}, after which its address is nowhere here.
     */
    void deactivate(int vf);

    /**
     * How received packets of an assigned VF are spread and hashed at present. Differs from the settings where the
     * device has one key or one table for several VFs: then those of the VF that came first hold for all, and the
     * others get them without an exception. Queue indices are always within the VF's queues.
     *
     * @return null if RSS is off for the VF
     */
    RssSettings rss(int vf);

    /** Resets the VF (after its function-level reset) and forgets its settings. Idempotent. */
    void release(int vf);

    /**
     * Holds frames inside the device: when it returns, everything received before is in rings, and nothing more arrives
     * in any ring until {@link #resumeReceive}.
     */
    void pauseReceive();

    void resumeReceive();

    /**
     * Serves an interrupt of the physical function.
     *
     * @return false if the device did not raise it
     */
    boolean onInterrupt(int vector);

    /**
     * Does deferred control work (mailbox, VF resets).
     *
     * @return units of work done
     */
    int service(int budget);

    /** Frames dropped because a VF sent with a foreign source address. */
    long spoofedFrames();
}
