package dev.npa.sim.net.fabric;

import dev.npa.sim.net.FrameFifo;
import dev.npa.sim.net.Wire;
import dev.npa.sim.time.Component;
import java.util.function.LongPredicate;

/** A port of a {@link Fabric}: its end of a wire and the queue of frames towards it. Used by the fabric's thread. */
final class FabricPort {

    /** Room for the frames of one port; a sender waits when a frame finds none. */
    static final int QUEUE_BYTES = 256 * 1024;

    final String name;
    final int number;
    final Wire.End end;
    final FrameFifo queue = new FrameFifo(QUEUE_BYTES);
    /** Which individual addresses are behind the port; null = as learnt. */
    final LongPredicate behind;
    /** Scratch of one forwarding decision: this port gets the frame. */
    boolean chosen;

    FabricPort(String name, int number, Wire.End end, LongPredicate behind) {
        this.name = name;
        this.number = number;
        this.end = end;
        this.behind = behind;
    }

    /** Sends what the line takes; returns how many frames. */
    int send(int budget) {
        int sent = 0;
        int at = queue.peek();
        while (at >= 0 && sent < budget && end.send(queue.buffer(), at, queue.length(at))) {
            queue.remove(at);
            sent++;
            at = queue.peek();
        }
        return sent;
    }

    /** When the line takes the next queued frame by itself; NEVER if none waits or the receiver pauses. */
    long readyAt(long now) {
        int at = queue.peek();
        if (at < 0 || !end.isUp()) {
            return Component.NEVER;
        }
        if (end.canSend(queue.length(at))) {
            return now;
        }
        long drained = end.freeAt() - Wire.SEND_AHEAD * 8_000L / end.megabitsPerSecond();
        return drained > now ? drained : Component.NEVER;
    }
}
