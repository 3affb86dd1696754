package dev.npa.sim.traffic;

import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;

/** The workload channel of a guest: what is sent here, the guest's stack sends; what it receives comes out here. */
public final class ChannelEndpoint implements Endpoint {

    private final GuestChannel channel;

    public ChannelEndpoint(GuestChannel channel) {
        this.channel = channel;
    }

    @Override
    public int maxFrame() {
        return channel.maxFrame();
    }

    @Override
    public boolean canSend(int length) {
        return channel.canSend(length);
    }

    @Override
    public boolean takesRequests() {
        return true;
    }

    @Override
    public boolean send(ByteBuffer source, int offset, int length, int flags, long offload) {
        return channel.send(source, offset, length, flags, offload, ChannelRecord.ANY_QUEUE);
    }

    @Override
    public int receive(ByteBuffer target, int offset, ChannelRecord info) {
        return channel.receive(target, offset, info);
    }

    @Override
    public long nextArrival() {
        return channel.hasReceived() ? 0 : Component.NEVER;
    }

    @Override
    public long readyAt() {
        return Component.NEVER;
    }
}
