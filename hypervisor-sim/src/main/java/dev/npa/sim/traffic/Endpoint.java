package dev.npa.sim.traffic;

import java.nio.ByteBuffer;

/** A place where a station's frames enter and leave: the far end of a wire, or a guest's workload channel. */
public interface Endpoint {

    /** Longest frame that it takes. */
    int maxFrame();

    /** Whether {@link #send} would take a frame of this length now. */
    boolean canSend(int length);

    /** Whether somebody behind it meets requests for offloads. */
    boolean takesRequests();

    /**
     * Sends a frame.
     *
     * @param flags requests: TX bits of {@link dev.npa.shell.PacketFlags}; 0 = send as it is
     * @param offload the transmit word of {@link dev.npa.shell.PacketBurst}
     * @return false if it could not be taken and nothing happened
     */
    boolean send(ByteBuffer source, int offset, int length, int flags, long offload);

    /**
     * Takes the oldest received frame.
     *
     * @param target where to put it, at {@code offset}; what does not fit is cut off
     * @param info takes what the receiver says of it
     * @return its length as put; -1 when none waits
     */
    int receive(ByteBuffer target, int offset, ChannelRecord info);

    /** Machine time at which a frame can be received; a past time means now, Component.NEVER none on its way. */
    long nextArrival();

    /** Earliest machine time at which a full sender may have room by itself; Component.NEVER if it waits for others. */
    long readyAt();
}
