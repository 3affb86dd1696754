package dev.npa.sim.net;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PhysicalMemory;
import dev.npa.pf.PfDriver;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A PF driver whose device is the test: frames sent are read from memory at once, completions come on demand. */
final class FakePfDriver implements PfDriver {
    final List<byte[]> sent = new ArrayList<>();
    final Set<MacAddress> addresses = new HashSet<>();
    final List<Integer> vlans = new ArrayList<>();
    int ring = 1000;
    int transmitCalls;
    boolean abort;
    int tsoSegments;
    int results;
    int lastFlags;
    long lastOffload;

    private final PhysicalMemory memory;
    private final HostBuffers buffers;
    private int inFlight;
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private final Deque<Integer> tags = new ArrayDeque<>();
    private int finished;

    FakePfDriver(PhysicalMemory memory, HostBuffers buffers) {
        this.memory = memory;
        this.buffers = buffers;
    }

    void arrive(byte[] frame, int tag) {
        arrived.add(frame);
        tags.add(tag);
    }

    /** The device is done with this many more packets. */
    void finish(int packets) {
        finished = Math.min(finished + packets, inFlight);
    }

    private final class Tx implements TxQueue {
        @Override
        public int transmit(PacketBurst burst, int from, int to) {
            transmitCalls++;
            int at = from;
            while (at < to && inFlight < ring) {
                int end = at;
                lastFlags = burst.flags(at);
                lastOffload = burst.offload(at);
                byte[] frame = new byte[burst.packetLength(at)];
                int length = 0;
                do {
                    memory.copyTo(burst.address(end), frame, length, burst.length(end));
                    length += burst.length(end);
                } while ((burst.flags(end++) & PacketFlags.EOP) == 0);
                sent.add(frame);
                inFlight++;
                at = end;
            }
            return at;
        }

        @Override
        public int reclaim(int budget) {
            int n = Math.min(budget, finished);
            inFlight -= n;
            finished -= n;
            return abort ? -n : n;
        }

        @Override
        public int outstanding() {
            return inFlight;
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }
    }

    private final class Rx implements RxQueue {
        @Override
        public int receive(PacketBurst into, int budget) {
            int n = 0;
            while (n < budget && !arrived.isEmpty()) {
                byte[] frame = arrived.remove();
                int tag = tags.remove();
                for (int at = 0; at < frame.length; at += HostBuffers.SIZE) {
                    int size = Math.min(HostBuffers.SIZE, frame.length - at);
                    int handle = buffers.take();
                    memory.copyFrom(buffers.address(handle), frame, at, size);
                    int i = into.add(buffers.address(handle), handle, size,
                            (at == 0 ? PacketFlags.SOP | results | (tag != 0 ? PacketFlags.RX_VLAN : 0) : 0)
                            | (at + size == frame.length ? PacketFlags.EOP : 0));
                    into.offload(i, PacketBurst.rxOffload(0, tag));
                }
                n++;
            }
            return n;
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }
    }

    private final TxQueue tx = new Tx();
    private final RxQueue rx = new Rx();

    @Override
    public TxQueue uplinkTx() {
        return tx;
    }

    @Override
    public int uplinkTsoSegments() {
        return tsoSegments;
    }

    @Override
    public RxQueue uplinkRx() {
        return rx;
    }

    @Override
    public void addUplinkAddress(MacAddress mac) {
        addresses.add(mac);
    }

    @Override
    public void addUplinkVlan(int vlan) {
        vlans.add(vlan);
    }

    @Override
    public void removeUplinkVlan(int vlan) {
        vlans.remove((Integer) vlan);
    }

    @Override
    public void removeUplinkAddress(MacAddress mac) {
        addresses.remove(mac);
    }

    @Override
    public void start(int virtualFunctions) {}

    @Override
    public void stop() {}

    @Override
    public int maxVirtualFunctions() {
        return 0;
    }

    @Override
    public int queuesPerVf() {
        return 1;
    }

    @Override
    public RssSettings rss(int vf) {
        return null;
    }

    @Override
    public LinkState link() {
        return LinkState.DOWN;
    }

    @Override
    public int maxMtu() {
        return 9000;
    }

    @Override
    public void assign(int vf, VfSettings settings) {}

    @Override
    public void update(int vf, VfSettings settings) {}

    @Override
    public void activate(int vf) {}

    @Override
    public void deactivate(int vf) {}

    @Override
    public void release(int vf) {}

    @Override
    public void pauseReceive() {}

    @Override
    public void resumeReceive() {}

    @Override
    public boolean onInterrupt(int vector) {
        return false;
    }

    @Override
    public int service(int budget) {
        return 0;
    }

    @Override
    public long spoofedFrames() {
        return 0;
    }
}
