package dev.npa.shell.runtime.os;

import dev.npa.shell.runtime.channel.WorkloadChannel;
import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.FakeNetDevice;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.GuestOs;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.netdev.OsEnvironment;
import dev.npa.shell.runtime.pci.InterruptVectors;

/** An operating system between a channel and a device of the test. */
public final class OsRig {

    public final FakeMachine machine = new FakeMachine(32);
    public final FakeChannel channel;
    public final FakeNetDevice device;
    public final GuestOs system;
    public final int buffers;

    public OsRig(GuestOsFactory factory, int queues, int slots) {
        PhysicalAllocator allocator = new PhysicalAllocator(machine.memory());
        channel = new FakeChannel(machine, slots, 2048);
        device = new FakeNetDevice(machine, allocator, queues, 1024);
        WorkloadChannel guestSide = new WorkloadChannel(channel, allocator, new InterruptVectors(machine), v -> { });
        system = factory.create(new OsEnvironment("fake", machine, guestSide, DeviceSettings.of(1500, queues)));
        device.events = system;
        system.settings();
        system.boot(device);
        buffers = device.pool.available();
    }

    /** Runs until there is nothing to do. */
    public int settle() {
        int work = 0;
        for (int rounds = 0; rounds < 10_000; rounds++) {
            int done = system.run(32);
            if (done == 0) {
                return work;
            }
            work += done;
        }
        throw new AssertionError("the operating system does not come to rest");
    }
}
