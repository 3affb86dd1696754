package dev.npa.sim.host;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.traffic.ChannelRecord;
import dev.npa.sim.traffic.GuestChannel;
import java.nio.ByteBuffer;

/** The workload channel of a VM over all its boots: each boot has a device of its own behind it. */
final class VmChannel implements GuestChannel {

    private volatile GuestChannel device;

    VmChannel(GuestChannel first) {
        device = first;
    }

    void device(GuestChannel next) {
        device = next;
    }

    @Override
    public int maxFrame() {
        return device.maxFrame();
    }

    @Override
    public boolean isReady() {
        return device.isReady();
    }

    @Override
    public boolean canSend(int length) {
        return device.canSend(length);
    }

    @Override
    public boolean send(ByteBuffer source, int offset, int length, int flags, long offload, int queue) {
        return device.send(source, offset, length, flags, offload, queue);
    }

    @Override
    public boolean hasReceived() {
        return device.hasReceived();
    }

    @Override
    public int receive(ByteBuffer target, int offset, ChannelRecord info) {
        return device.receive(target, offset, info);
    }

    @Override
    public int queued() {
        return device.queued();
    }

    @Override
    public PciIdentity identity() {
        return device.identity();
    }

    @Override
    public int readConfig(int offset, int width) {
        return device.readConfig(offset, width);
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        device.writeConfig(offset, width, value);
    }

    @Override
    public RegisterWindow bar(int index) {
        return device.bar(index);
    }
}
