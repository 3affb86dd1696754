package dev.npa.sim.net;

import java.nio.ByteBuffer;

/** Sees every frame that passes a point, as a capture does. Called on the thread that moves the frame. */
@FunctionalInterface
public interface FrameTap {

    /** No capture. */
    FrameTap NONE = (nanos, outbound, buffer, offset, length) -> { };

    /**
     * A frame passed.
     *
     * @param nanos machine time
     * @param outbound away from the host (wire) or away from the guest (port)
     * @param buffer holds the frame, without FCS, only during the call
     */
    void frame(long nanos, boolean outbound, ByteBuffer buffer, int offset, int length);
}
