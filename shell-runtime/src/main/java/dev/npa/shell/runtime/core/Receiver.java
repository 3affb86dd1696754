package dev.npa.shell.runtime.core;

import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.netdev.DeviceEvents;
import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.path.DataPath;
import java.util.Arrays;

/**
 * Receive half of the device: the operating system's receive queues over the present carrier's. Whatever a plugin throws
 * passes through.
 */
final class Receiver {

    private final PacketPool pool;
    private final RxLane[] lanes;
    private final RxFixer fixer;
    private final EchoFilter echoes = new EchoFilter();
    private final PacketBurst raw = new PacketBurst(PluginInstance.BURST * NetDevice.RECEIVE_SEGMENTS);
    private final long ownAddress;
    private PluginInstance carrier;
    private DataPath[] paths = {};
    private boolean[] empty = {};
    private RssConfig rss;
    private boolean software;
    private boolean steering;

    /**
     * Makes a receiver.
     *
     * @param strip whether tags are stripped
     */
    Receiver(int queues, PacketPool pool, DeviceStatistics statistics, MacAddress mac, boolean strip) {
        this.pool = pool;
        this.fixer = new RxFixer(pool.memory(), strip);
        this.ownAddress = Integer.toUnsignedLong(mac.low32()) | (long) mac.high16() << 32;
        lanes = new RxLane[queues];
        for (int q = 0; q < queues; q++) {
            lanes[q] = new RxLane(statistics.queue(q));
        }
    }

    EchoFilter echoes() {
        return echoes;
    }

    /** Receives from another carrier from now on; null = none. What waits in software comes first. */
    void use(PluginInstance next) {
        carrier = next;
        paths = next == null ? new DataPath[0] : next.paths();
        empty = new boolean[paths.length];
        decide();
    }

    void rss(RssConfig config) {
        rss = config;
        fixer.rss(config);
        decide();
    }

    /** Whether packets of the present carrier need software at all. */
    void decide() {
        if (carrier == null) {
            software = false;
            return;
        }
        boolean hashing = fixer.adapt(carrier, lanes.length);
        steering = rss != null && lanes.length > 1 && (hashing || rss.highestQueue() >= paths.length);
        software = steering || fixer.isNeeded() || echoes.isActive();
    }

    /** From now on {@link #isDrained} tells whether each queue was found empty since. */
    void beginDrain() {
        Arrays.fill(empty, false);
    }

    boolean isDrained() {
        for (boolean queue : empty) {
            if (!queue) {
                return false;
            }
        }
        return true;
    }

    int receive(int queue, PacketBurst into, int budget, DeviceEvents events) {
        RxLane lane = lanes[queue];
        int packets = 0;
        if (!lane.ready.isEmpty()) {
            packets = lane.ready.drain(into, budget);
        }
        if (packets < budget && lane.ready.isEmpty() && paths.length != 0) {
            if (software) {
                packets += receiveBySoftware(queue, into, budget - packets, events);
            } else if (queue < paths.length) {
                packets += receiveDirect(queue, into, budget - packets, events);
            }
        }
        return packets;
    }

    private int receiveDirect(int queue, PacketBurst into, int budget, DeviceEvents events) {
        boolean spread = rss != null && lanes.length > 1;
        int wanted = spread ? Math.min(budget, Math.min(PluginInstance.BURST, room())) : budget;
        if (wanted == 0) {
            return 0;
        }
        DataPath path = paths[queue];
        int first = into.size();
        int packets = path.receive(into, wanted);
        // Without room for the largest packet a smaller number does not mean that nothing is there.
        empty[queue] = packets < wanted && into.room() >= NetDevice.RECEIVE_SEGMENTS;
        if (packets == 0) {
            return 0;
        }
        if (spread && isHashMissing(into, first)) {
            boolean more = packets == wanted;
            int steered = steerAgain(queue, into, first, budget, events);
            return more && steered < budget && lanes[queue].ready.isEmpty()
                    ? steered + receiveDirect(queue, into, budget - steered, events) : steered;
        }
        lanes[queue].statistics.add(Counter.RX_PACKETS, packets);
        lanes[queue].statistics.add(Counter.RX_BYTES, path.receivedBytes());
        return packets == wanted && wanted < budget ? packets + receiveDirect(queue, into, budget - packets, events)
                : packets;
    }

    private static boolean isHashMissing(PacketBurst burst, int from) {
        for (int i = from; i < burst.size(); i++) {
            if ((burst.flags(i) & (PacketFlags.SOP | PacketFlags.RX_HASH)) == PacketFlags.SOP) {
                return true;
            }
        }
        return false;
    }

    /**
     * Spreads packets of which the carrier did not hash all, as a NIC does not hash what its own switch looped back. A
     * flow must keep its queue whatever carries it: else what the old carrier left in one queue could be overtaken by
     * what the new one puts into another.
     */
    private int steerAgain(int queue, PacketBurst into, int first, int budget, DeviceEvents events) {
        raw.clear();
        for (int i = first; i < into.size(); i++) {
            raw.addFrom(into, i);
        }
        into.truncate(first);
        sort(queue, queue, true, events);
        return lanes[queue].ready.drain(into, budget);
    }

    private int receiveBySoftware(int queue, PacketBurst into, int budget, DeviceEvents events) {
        if (!steering && queue >= paths.length) {
            return 0;
        }
        int source = queue % paths.length;
        RxLane lane = lanes[queue];
        int packets = 0;
        boolean more = true;
        while (more && packets < budget) {
            int wanted = Math.min(Math.min(budget - packets, PluginInstance.BURST), room());
            if (wanted == 0) {
                break;
            }
            raw.clear();
            int got = paths[source].receive(raw, wanted);
            more = got == wanted;
            empty[source] = !more;
            sort(source, queue, steering, events);
            packets += lane.ready.drain(into, budget - packets);
            more &= lane.ready.isEmpty();
        }
        return packets;
    }

    /** Packets that every queue has room for, however large they are. */
    private int room() {
        int room = Integer.MAX_VALUE;
        for (RxLane lane : lanes) {
            room = Math.min(room, lane.ready.room() / NetDevice.RECEIVE_SEGMENTS);
        }
        return room;
    }

    /** Treats the packets of {@link #raw} and puts them where they belong. */
    private void sort(int source, int asking, boolean steer, DeviceEvents events) {
        int at = 0;
        while (at < raw.size()) {
            int end = at + 1;
            while ((raw.flags(end - 1) & PacketFlags.EOP) == 0) {
                end++;
            }
            if (!dropped(lanes[source % lanes.length], at, end)) {
                deliver(source, at, end, asking, steer, events);
            }
            at = end;
        }
    }

    private void deliver(int source, int at, int end, int asking, boolean steer, DeviceEvents events) {
        long hash = fixer.examine(raw, at);
        int target = steer ? hash == RxFixer.NO_HASH ? 0 : rss.queue((int) hash) % lanes.length : source;
        RxLane lane = lanes[target];
        int bytes = fixer.move(raw, at, end, lane.ready.tail());
        lane.statistics.add(Counter.RX_PACKETS, 1);
        lane.statistics.add(Counter.RX_BYTES, bytes);
        lane.statistics.add(Counter.RX_SOFTWARE, 1);
        if (target != asking) {
            events.interrupt(target);
        }
    }

    /** Frees a frame that the switchover made come twice, or come back. */
    private boolean dropped(RxLane lane, int at, int end) {
        if (!echoes.isActive() || raw.length(at) < 14) {
            return false;
        }
        boolean own = EchoFilter.source(pool.memory(), raw.address(at)) == ownAddress;
        boolean twice = !own && EchoFilter.isGroup(pool.memory(), raw.address(at))
                && echoes.isDuplicate(pool.memory(), raw, at, end);
        if (!own && !twice) {
            return false;
        }
        pool.free(raw, at, end);
        lane.statistics.add(own ? Counter.RX_DROPPED_ECHOES : Counter.RX_DROPPED_DUPLICATES, 1);
        return true;
    }

    /**
     * Receives once from each queue of a carrier that carries nothing any more, into software, as far as there is room.
     */
    void serve(PluginInstance retiring, DeviceEvents events) {
        DataPath[] old = retiring.paths();
        for (int c = 0; c < old.length; c++) {
            int wanted = Math.min(PluginInstance.BURST, room());
            if (wanted > 0) {
                raw.clear();
                old[c].receive(raw, wanted);
                sort(c % lanes.length, -1, rss != null && lanes.length > 1, events);
            }
        }
    }

    /** Whether packets of a queue wait in software. */
    boolean hasReady(int queue) {
        return !lanes[queue].ready.isEmpty();
    }

    /** Frees everything. */
    void close() {
        for (RxLane lane : lanes) {
            do {
                raw.clear();
                lane.ready.drain(raw, PluginInstance.BURST);
                pool.free(raw, 0, raw.size());
            } while (!raw.isEmpty());
        }
    }
}
