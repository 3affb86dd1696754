package dev.npa.sim.vmxnet3;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.FrameFifo;
import dev.npa.sim.net.FrameTap;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.SwitchPort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A switch port that keeps what the guest sends, with room and completion under the test's control. */
final class FakePort implements SwitchPort {
    final FrameFifo fifo = new FrameFifo(1 << 17);
    final List<byte[]> sent = new ArrayList<>();
    final List<PortFilter> filters = new ArrayList<>();
    int room = Integer.MAX_VALUE;
    boolean ticketed;
    /** Whether somebody behind the port cuts packets: those that were passed whole, and what was asked for the last. */
    boolean cuts;
    final List<byte[]> whole = new ArrayList<>();
    int flags;
    long offload;
    long completed = Long.MAX_VALUE;
    MacAddress mac;

    FakePort(MacAddress mac) {
        this.mac = mac;
    }

    /** Queues a frame towards the guest. */
    void toGuest(byte[] frame) {
        toGuest(frame, 0);
    }

    /** Queues a frame with what a NIC found out about it. */
    void toGuest(byte[] frame, int results) {
        ByteBuffer copy = ByteBuffer.allocateDirect(frame.length).put(0, frame);
        if (!fifo.offer(copy, 0, frame.length, 0, results)) {
            throw new AssertionError("the port's queue is full");
        }
    }

    byte[] takeSent() {
        return sent.remove(0);
    }

    @Override
    public String name() {
        return "port";
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public void mac(MacAddress newMac) {
        mac = newMac;
    }

    @Override
    public void filter(PortFilter filter) {
        filters.add(filter);
    }

    PortFilter lastFilter() {
        return filters.get(filters.size() - 1);
    }

    @Override
    public FrameFifo toGuest() {
        return fifo;
    }

    @Override
    public long fromGuest(ByteBuffer buffer, int offset, int length) {
        if (room == 0) {
            return -1;
        }
        room--;
        byte[] copy = new byte[length];
        buffer.get(offset, copy);
        sent.add(copy);
        return ticketed ? sent.size() : 0;
    }

    @Override
    public long fromGuest(ByteBuffer buffer, int offset, int length, int newFlags, long newOffload) {
        if (!cuts) {
            return UNABLE;
        }
        if (room == 0) {
            return -1;
        }
        room--;
        byte[] copy = new byte[length];
        buffer.get(offset, copy);
        whole.add(copy);
        flags = newFlags;
        offload = newOffload;
        return 1;
    }

    @Override
    public long refusedFrames() {
        return 0;
    }

    @Override
    public long completed() {
        return completed;
    }

    @Override
    public void attach() {}

    @Override
    public void detach() {}

    @Override
    public boolean isAttached() {
        return true;
    }

    @Override
    public void tap(FrameTap tap) {}
}
