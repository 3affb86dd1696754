package dev.npa.sim.net;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;

/**
 * A port of a virtual switch, with the queue of frames towards its guest. Used by the switch's thread, and by control
 * calls under the host's lock.
 */
public interface SwitchPort {

    String name();

    /** Address of the guest. Changing it moves the forwarding entry (and the uplink's filter) when attached. */
    MacAddress mac();

    void mac(MacAddress mac);

    /**
     * What the guest's device wants beside its own address: see the vmxnet3 fact sheet, section 7, rxMode. It never
     * gets more than the port's {@link VlanPolicy} allows, promiscuous or not.
     */
    void filter(PortFilter filter);

    /**
     * Frames towards the guest; the device emulation is the consumer. The word of metadata is {@link Uplink#results} of
     * a frame from the uplink, else 0.
     */
    FrameFifo toGuest();

    /**
     * A frame from the guest: forwards it to local ports, the uplink or both.
     *
     * @return ticket of {@link Uplink#transmit} if it went (also) there; 0 if it is delivered for good; -1 if it cannot
     *     be taken now and nothing happened
     */
    long fromGuest(ByteBuffer buffer, int offset, int length);

    /** Answer of {@link #fromGuest(ByteBuffer, int, int, int, long)}: the packet must be cut into frames first. */
    long UNABLE = -2;

    /**
     * An untagged TCP packet from the guest that is to be cut into frames: goes on as it is if the uplink's NIC can cut
     * it and nobody else gets it.
     *
     * @param flags transmit requests of {@link dev.npa.shell.PacketFlags}, checksum fields as they say
     * @param offload header lengths and MSS as in {@link dev.npa.shell.PacketBurst}
     * @return as for a frame, or {@link #UNABLE}
     */
    default long fromGuest(ByteBuffer buffer, int offset, int length, int flags, long offload) {
        return UNABLE;
    }

    /** Frames from the guest that were taken and dropped because its {@link VlanPolicy} does not allow their tag. */
    long refusedFrames();

    /** {@link Uplink#completed()} of the switch's uplink; {@link Long#MAX_VALUE} without one. */
    long completed();

    /** Joins the switch: frames for this port's address are queued here and the uplink receives them. */
    void attach();

    /**
     * Leaves the switch: from now on frames for its address go to the uplink. What is queued stays and can be drained.
     */
    void detach();

    boolean isAttached();

    /** Sees every frame from and to the guest. */
    void tap(FrameTap tap);
}
