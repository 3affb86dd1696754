package dev.npa.shell.runtime.stack;

import dev.npa.hw.LinkState;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.runtime.channel.WorkloadChannel;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.GuestOs;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.OsEnvironment;

/**
 * The simple operating system: moves records between the workload channel and the network device. Polls the queues that
 * interrupted, in turn.
 */
final class GuestStack implements GuestOs {

    /** Most packets of a call. */
    private static final int BURST = 32;

    private final WorkloadChannel channel;
    private final DeviceSettings settings;
    private final PacketBurst done = new PacketBurst(BURST * NetDevice.MAX_SEGMENTS);
    private NetDevice device;
    private TransmitSide transmit;
    private ReceiveSide receive;
    /** Queues that are to be polled, as bits. */
    private int scheduled;
    private int firstQueue;

    GuestStack(OsEnvironment environment) {
        channel = environment.channel();
        settings = environment.proposed();
    }

    @Override
    public DeviceSettings settings() {
        return settings;
    }

    @Override
    public void boot(NetDevice networkDevice) {
        device = networkDevice;
        transmit = new TransmitSide(networkDevice);
        receive = new ReceiveSide(networkDevice, BURST);
    }

    @Override
    public int run(int budget) {
        int most = Math.min(budget, BURST);
        int work = receive.deliver(channel);
        int queues = device.queues();
        for (int i = 0; i < queues && scheduled != 0; i++) {
            int queue = (firstQueue + i) % queues;
            if ((scheduled & 1 << queue) != 0) {
                work += poll(queue, most);
            }
        }
        // Another queue is the first one to get the room of the channel next time.
        firstQueue = (firstQueue + 1) % queues;
        if (channel != null) {
            work += transmit.fill(channel, most);
            work += transmit.send();
            channel.flush();
        }
        return work;
    }

    private int poll(int queue, int most) {
        done.clear();
        int completed = device.reclaim(queue, done, most);
        for (int i = 0; i < done.size(); i++) {
            device.buffers().free(done.handle(i));
        }
        if (receive.hasBacklog()) {
            return completed;
        }
        int received = receive.receive(queue, most);
        receive.deliver(channel);
        if (completed < most && received < most && !receive.hasBacklog()) {
            // Forgotten first: the call below may ask for this queue again.
            scheduled &= ~(1 << queue);
            device.enableInterrupt(queue);
        }
        return completed + received;
    }

    @Override
    public void interrupt(int queue) {
        scheduled |= 1 << queue;
    }

    @Override
    public void transmitStopped() {
        // Transmit takes nothing meanwhile, which is what this stack goes by.
    }

    @Override
    public void transmitReady(int queue) {
        // Every round tries again.
    }

    @Override
    public void linkChanged(LinkState link) {
        // Records wait in the device as long as there is no link.
    }

    @Override
    public void close() {
        if (device != null) {
            transmit.close();
            receive.close();
        }
    }
}
