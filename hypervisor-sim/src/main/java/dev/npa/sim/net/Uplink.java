package dev.npa.sim.net;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;

/** A virtual switch's way to the wire: the queues of one physical function. Used by the switch's thread only. */
public interface Uplink {

    /** Takes frames that arrived from below. */
    @FunctionalInterface
    interface Receiver {
        /**
         * Forwards a frame.
         *
         * @return false if it cannot be taken now; the uplink keeps it and offers it again
         */
        boolean receive(ByteBuffer buffer, int offset, int length);
    }

    /**
     * Queues a frame (a copy is taken).
     *
     * @return a ticket &gt; 0, larger for every frame; 0 if the ring is full
     */
    long transmit(ByteBuffer source, int offset, int length);

    /** Longest packet for {@link #transmitSegmented} in bytes; 0 = the NIC cuts no packets. */
    default int segmentedBytes() {
        return 0;
    }

    /**
     * Queues a TCP packet that the NIC cuts into frames. Only what {@link #segmentedBytes} allows.
     *
     * @param flags transmit requests of {@link dev.npa.shell.PacketFlags}
     * @param offload header lengths and MSS as in {@link dev.npa.shell.PacketBurst}
     * @return as {@link #transmit}
     */
    default long transmitSegmented(ByteBuffer source, int offset, int length, int flags, long offload) {
        throw new UnsupportedOperationException("this uplink cuts no packets");
    }

    /** Hands frames that {@link #transmit} has only gathered so far to the NIC. Called once a round of the switch. */
    default void flush() {}

    /** All frames with tickets up to this one can no longer be overtaken by a frame that enters the NIC elsewhere. */
    long completed();

    /** Offers at most {@code budget} received frames, in order. Returns how many were taken. */
    int poll(Receiver receiver, int budget);

    /**
     * What the NIC found out about the frame that is being offered to a {@link Receiver} just now: the bits of
     * {@link dev.npa.shell.PacketFlags} for checksums that are right or wrong; 0 = nothing is known.
     */
    default int results() {
        return 0;
    }

    /** The NIC shall deliver frames for this address here. */
    void addAddress(MacAddress mac);

    void removeAddress(MacAddress mac);

    /**
     * The NIC shall deliver frames of this VLAN here, as their address says. Counted: as many calls of
     * {@link #removeVlan} take it back.
     *
     * @param vlan 1..4094
     * @throws dev.npa.pf.PfException if the NIC has no filter left
     */
    void addVlan(int vlan);

    void removeVlan(int vlan);
}
