package dev.npa.shell.runtime.core;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.netdev.DeviceEvents;
import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.offload.TxLimits;
import dev.npa.shell.runtime.path.DataPath;

/**
 * Transmit half of the device: the operating system's transmit queues over the present carrier's. Whatever a plugin
 * throws passes through.
 */
final class Transmitter {

    private final TxLane[] lanes;
    private final PacketBurst routed = new PacketBurst(PluginInstance.BURST * NetDevice.MAX_SEGMENTS);
    private DataPath[] paths = {};
    private TxLimits limits;
    private boolean held = true;
    private int reached;

    Transmitter(int queues, PacketPool pool, DeviceStatistics statistics) {
        lanes = new TxLane[queues];
        for (int q = 0; q < queues; q++) {
            lanes[q] = new TxLane(q, pool, statistics.queue(q));
        }
    }

    /** Uses another carrier from now on; null = none. What software had made for the old one is made anew. */
    void use(PluginInstance carrier) {
        paths = carrier == null ? new DataPath[0] : carrier.paths();
        limits = carrier == null ? null : carrier.limits();
        for (TxLane lane : lanes) {
            lane.software.rewind();
        }
    }

    void hold(boolean hold) {
        held = hold;
    }

    boolean isHeld() {
        return held;
    }

    /** Packets that the carrier has not completed. */
    int outstanding() {
        int sum = 0;
        for (DataPath path : paths) {
            sum += path.inFlight();
        }
        return sum;
    }

    int transmit(int queue, PacketBurst burst, int from, int to) {
        TxLane lane = lanes[queue];
        int at = from;
        reached = from;
        if (!held && paths.length != 0 && pushPieces(lane)) {
            DataPath path = paths[queue % paths.length];
            int before;
            do {
                before = at;
                at = advance(lane, path, burst, at, to);
                reached = at;
                // What software has begun comes before what follows it.
            } while (at != before && at < to && !lane.software.isActive());
        }
        if (at < to) {
            lane.starved = true;
            lane.statistics.add(Counter.TX_BUSY, 1);
        }
        return at;
    }

    /** Takes the next run of packets that the carrier takes as they are, or the one packet that it does not. */
    private int advance(TxLane lane, DataPath path, PacketBurst burst, int at, int to) {
        int end = limits.plainEnd(burst, at, to);
        if (end > at) {
            return offer(lane, path, burst, at, end);
        }
        end = at + 1;
        while ((burst.flags(end - 1) & PacketFlags.EOP) == 0) {
            end++;
        }
        switch (limits.judge(burst, at, end)) {
            case TxLimits.DIRECT:
                return offer(lane, path, burst, at, end);
            case TxLimits.REFUSE:
                lane.refuse(burst, at, end);
                return end;
            default:
                if (lane.software.isActive() || !lane.canBegin()) {
                    return at;
                }
                lane.begin(burst, at, end);
                reached = end;
                pushPieces(lane);
                return end;
        }
    }

    private int offer(TxLane lane, DataPath path, PacketBurst burst, int at, int end) {
        try {
            return path.transmit(burst, at, end, DataPath.tag(lane.index));
        } catch (Throwable t) {
            reached = path.offeredTo();
            throw t;
        }
    }

    /** How far the last {@link #transmit} came, also if it threw: what was offered to a plugin that threw is taken. */
    int reached() {
        return reached;
    }

    /** Goes on with the packet that software works on; true when it is out. */
    private boolean pushPieces(TxLane lane) {
        if (!lane.software.isActive()) {
            return true;
        }
        DataPath path = paths[lane.index % paths.length];
        while (!lane.software.finish()) {
            int made = lane.software.make(limits);
            lane.statistics.add(Counter.TX_SOFTWARE_PIECES, made);
            PacketBurst pieces = lane.software.pieces();
            int from = lane.software.offered();
            if (from == pieces.size()) {
                return false;
            }
            int taken = offerPieces(lane, path, from);
            if (taken < pieces.size()) {
                return false;
            }
        }
        return true;
    }

    private static int offerPieces(TxLane lane, DataPath path, int from) {
        PacketBurst pieces = lane.software.pieces();
        int taken = from;
        try {
            taken = path.transmit(pieces, from, pieces.size(), DataPath.tag(lane.index) | DataPath.PIECE);
        } catch (Throwable t) {
            taken = path.offeredTo();
            throw t;
        } finally {
            lane.software.offered(taken);
            if (taken > from && taken == pieces.size() && lane.software.endsHere()) {
                path.markLast();
            }
        }
        return taken;
    }

    /** Goes on with what software works on, on all queues. */
    void service(DeviceEvents events) {
        if (held || paths.length == 0) {
            return;
        }
        for (TxLane lane : lanes) {
            if (lane.software.isActive() && pushPieces(lane)) {
                wake(lane, events);
            }
        }
    }

    private static void wake(TxLane lane, DeviceEvents events) {
        if (lane.starved) {
            lane.starved = false;
            events.transmitReady(lane.index);
        }
    }

    /** Transmit goes on after a hold. */
    void wakeAll(DeviceEvents events) {
        for (TxLane lane : lanes) {
            lane.starved = false;
            events.transmitReady(lane.index);
        }
    }

    int reclaim(int queue, PacketBurst done, int budget, DeviceEvents events) {
        TxLane lane = lanes[queue];
        int packets = lane.hasDone() ? lane.collect(done, budget) : 0;
        if (paths.length == 0 || packets == budget) {
            return packets;
        }
        DataPath path = paths[queue % paths.length];
        int completed;
        if (path.pieces() == 0 && paths.length == lanes.length) {
            completed = path.reclaim(done, budget - packets);
            count(lane, completed, path);
            packets += completed;
        } else {
            completed = 0;
            int wanted;
            int got;
            do {
                wanted = Math.min(budget - packets, PluginInstance.BURST);
                got = route(path, wanted, events, lane);
                completed += got;
                packets += lane.collect(done, wanted);
                // Less than the budget means that nothing waits: what was other queues' does not count.
            } while (got == wanted && packets < budget);
        }
        if (completed > 0 && !held) {
            wakeSharers(queue % paths.length, events);
        }
        return packets;
    }

    private static void count(TxLane lane, int completed, DataPath path) {
        if (completed > 0) {
            lane.statistics.add(Counter.TX_PACKETS, completed - path.aborted());
            lane.statistics.add(Counter.TX_BYTES, path.sentBytes());
            lane.statistics.add(Counter.TX_ABORTED, path.aborted());
        }
    }

    private void wakeSharers(int pathIndex, DeviceEvents events) {
        for (int q = pathIndex; q < lanes.length; q += paths.length) {
            if (!lanes[q].software.isActive() || pushPieces(lanes[q])) {
                wake(lanes[q], events);
            }
        }
    }

    /** Collects completions of a path that carries pieces or several queues' packets. */
    private int route(DataPath path, int budget, DeviceEvents events, TxLane asking) {
        routed.clear();
        int completed = path.reclaim(routed, budget);
        settle(events, asking, false);
        return completed;
    }

    /** Gives routed completions to whom they belong. */
    private void settle(DeviceEvents events, TxLane asking, boolean lost) {
        for (int i = 0; i < routed.size(); i++) {
            int tag = (int) routed.offload(i);
            int flags = routed.flags(i);
            TxLane lane = lanes[DataPath.lane(tag)];
            boolean end = (flags & PacketFlags.EOP) != 0;
            boolean aborted = (flags & PacketFlags.ABORTED) != 0;
            if ((tag & DataPath.PIECE) != 0) {
                lane.pieceDone(routed.handle(i), end, (tag & DataPath.LAST) != 0, aborted);
            } else {
                lane.complete(routed.handle(i), flags & (PacketFlags.WHOLE | PacketFlags.ABORTED));
                if (end) {
                    lane.statistics.add(lost ? Counter.TX_LOST : aborted ? Counter.TX_ABORTED : Counter.TX_PACKETS, 1);
                    lane.statistics.add(Counter.TX_BYTES, aborted ? 0 : routed.packetLength(i));
                }
            }
            if (end && lane != asking && lane.hasDone()) {
                events.interrupt(lane.index);
            }
        }
    }

    /** Collects what a stopped carrier gives back. */
    void collect(PluginInstance carrier, DeviceEvents events) {
        for (DataPath path : carrier.paths()) {
            int completed;
            do {
                routed.clear();
                completed = path.reclaim(routed, PluginInstance.BURST);
                settle(events, null, false);
            } while (completed > 0);
        }
    }

    /** Takes back what a carrier that is gone had in flight. */
    void abandon(PluginInstance carrier, DeviceEvents events) {
        for (DataPath path : carrier.paths()) {
            do {
                routed.clear();
                path.abandon(routed);
                settle(events, null, true);
            } while (!routed.isEmpty());
        }
    }

    /** Whether completions of a queue wait in software. */
    boolean hasDone(int queue) {
        return lanes[queue].hasDone();
    }

    /** Frees everything. */
    void close() {
        for (TxLane lane : lanes) {
            lane.close();
        }
    }
}
