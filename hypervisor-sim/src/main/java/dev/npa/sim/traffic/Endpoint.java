package dev.npa.sim.traffic;

import java.nio.ByteBuffer;

/** A place where a station's frames enter and leave: the far end of a wire, or a guest's workload channel. */
public interface Endpoint {

    /** Longest frame that it takes. */
    int maxFrame();

    /** Whether {@link #send} would take a frame of this length now. */
    boolean canSend(int length);

    /** Sends a frame; false if it could not be taken and nothing happened. */
    boolean send(ByteBuffer source, int offset, int length);

    /**
     * Takes the oldest received frame.
     *
     * @param target where to put it, at {@code offset}; what does not fit is cut off
     * @return its length as put; -1 when none waits
     */
    int receive(ByteBuffer target, int offset);

    /** Machine time at which a frame can be received; a past time means now, Component.NEVER none on its way. */
    long nextArrival();

    /** Earliest machine time at which a full sender may have room by itself; Component.NEVER if it waits for others. */
    long readyAt();
}
