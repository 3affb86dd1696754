package dev.npa.benchmarks.endtoend;

import dev.npa.sim.net.Wire;
import java.nio.ByteBuffer;

/** The other end of the wire: takes what comes, and sends the packets of a traffic to each guest in turn. */
final class FarEnd {

    private final Wire.End end;
    private final ByteBuffer[] frames;
    private int next;
    private long sent;
    private long taken;

    FarEnd(Wire.End end, Traffic traffic, int guests) {
        this.end = end;
        frames = new ByteBuffer[guests * traffic.segments()];
        int i = 0;
        for (int vm = 0; vm < guests; vm++) {
            for (byte[] frame : traffic.arriving(World.FAR, World.mac(vm))) {
                frames[i++] = ByteBuffer.allocateDirect(frame.length).put(0, frame);
            }
        }
    }

    /** Takes everything that has arrived. */
    void take() {
        for (int at = end.peek(); at >= 0; at = end.peek()) {
            end.remove(at);
            taken++;
        }
    }

    /** Sends as many frames as the line takes now, at most {@code most}. */
    int send(int most) {
        int count = 0;
        while (count < most && end.send(frames[next], 0, frames[next].capacity())) {
            next = next + 1 == frames.length ? 0 : next + 1;
            count++;
        }
        sent += count;
        return count;
    }

    /** Frames sent so far. */
    long sent() {
        return sent;
    }

    /** Frames taken so far. */
    long taken() {
        return taken;
    }
}
