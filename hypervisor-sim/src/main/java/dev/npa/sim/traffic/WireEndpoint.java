package dev.npa.sim.traffic;

import dev.npa.sim.net.Wire;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;

/** One side of an Ethernet link. */
public final class WireEndpoint implements Endpoint {

    /** Jumbo frames with a VLAN tag pass; anything longer is a mistake. */
    private static final int MAX_FRAME = 16 * 1024;

    private final Wire.End end;

    public WireEndpoint(Wire.End end) {
        this.end = end;
    }

    @Override
    public int maxFrame() {
        return MAX_FRAME;
    }

    @Override
    public boolean canSend(int length) {
        return end.canSend(length);
    }

    @Override
    public boolean takesRequests() {
        return false;
    }

    @Override
    public boolean send(ByteBuffer source, int offset, int length, int flags, long offload) {
        if (flags != 0) {
            throw new IllegalArgumentException("a wire carries frames as they are; requests 0x"
                    + Integer.toHexString(flags) + " are for a guest's stack");
        }
        return end.send(source, offset, length);
    }

    @Override
    public int receive(ByteBuffer target, int offset, ChannelRecord info) {
        info.clear();
        int at = end.peek();
        if (at < 0) {
            return -1;
        }
        int length = Math.min(end.length(at), target.capacity() - offset);
        target.put(offset, end.buffer(), at, length);
        end.remove(at);
        return length;
    }

    @Override
    public long nextArrival() {
        return end.nextArrival();
    }

    @Override
    public long readyAt() {
        return end.isUp() ? end.freeAt() - Wire.SEND_AHEAD * 8_000L / end.megabitsPerSecond() : Component.NEVER;
    }
}
