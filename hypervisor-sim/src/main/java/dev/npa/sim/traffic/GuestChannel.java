package dev.npa.sim.traffic;

import dev.npa.hw.PciFunction;
import java.nio.ByteBuffer;

/** The device side of the workload channel, docs/workload-channel.md. One producer and one consumer thread. */
public interface GuestChannel extends PciFunction {

    /** Longest frame that fits a record. */
    int maxFrame();

    /** Whether the guest has enabled it. */
    boolean isReady();

    /** Whether {@link #send} would take a frame of this length now. */
    boolean canSend(int length);

    /**
     * Hands a frame to the guest's stack for sending.
     *
     * @param flags requests: TX bits of {@link dev.npa.shell.PacketFlags}
     * @param offload the transmit word of {@link dev.npa.shell.PacketBurst}
     * @param queue transmit queue, or {@link ChannelRecord#ANY_QUEUE}
     * @return false if the ring is full or the guest not ready
     */
    boolean send(ByteBuffer source, int offset, int length, int flags, long offload, int queue);

    /** Hands over a frame without requests. */
    default boolean send(ByteBuffer source, int offset, int length) {
        return send(source, offset, length, 0, 0, ChannelRecord.ANY_QUEUE);
    }

    /** Whether a frame that the guest received waits. */
    boolean hasReceived();

    /**
     * Takes the oldest received frame.
     *
     * @param target where to put it, at {@code offset}; needs room for {@link #maxFrame()} bytes
     * @param info takes what the guest says of it
     * @return its length; -1 when none waits
     */
    int receive(ByteBuffer target, int offset, ChannelRecord info);

    /** Slots of the send ring that the guest has not given back. */
    int queued();
}
