package dev.npa.sim.net.fabric;

import dev.npa.hw.Clock;
import dev.npa.sim.net.Wire;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * An Ethernet switch between wires, IEEE 802.1D-2004 §7: learns the port of each source address (the last seen wins),
 * forwards unicast to the port of its destination, floods group frames and unicast of unknown destination to all other
 * ports. A frame for the port that it came from is filtered. VLAN-unaware: tags stay as they are.
 *
 * <p>Store and forward, one queue for each output port, first in first out. A frame is queued at all its output ports
 * at one instant or waits at its input, so nothing is lost and nothing overtakes: a full queue stops the inputs whose
 * next frame is for it, and the wires' flow control stops the senders. A port whose cable is pulled gets nothing; what
 * is for it is dropped, as nobody else has it.
 *
 * <p>Ports are added by control calls while nothing runs; {@link #run} is called by one thread.
 */
public final class Fabric implements Component {

    private static final int HEADER = 14;
    private static final int ADDRESSES = 8192;

    private final String name;
    private final Clock clock;
    private final LearningTable table = new LearningTable(ADDRESSES);
    private volatile FabricPort[] ports = {};
    private int first;
    private volatile long flooded;

    public Fabric(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Plugs a wire in.
     *
     * @param end the fabric's end of it; nobody else may use this end
     */
    public void addPort(String portName, Wire.End end) {
        add(portName, end, null);
    }

    /**
     * Plugs a wire in whose far end has no address filter of its own.
     *
     * @param behind individual addresses that are there; other unicast is not sent to this port. Called by the fabric's
     *     thread
     */
    public void addStation(String portName, Wire.End end, LongPredicate behind) {
        add(portName, end, behind);
    }

    private synchronized void add(String portName, Wire.End end, LongPredicate behind) {
        FabricPort[] more = Arrays.copyOf(ports, ports.length + 1);
        more[ports.length] = new FabricPort(portName, ports.length, end, behind);
        ports = more;
    }

    /** Unicast frames that were flooded, as their destination was not known. Any thread. */
    public long floodedFrames() {
        return flooded;
    }

    /** Bytes of frames that wait for their output lines now. Any thread. */
    public long queuedBytes() {
        long bytes = 0;
        for (FabricPort port : ports) {
            bytes += port.queue.used();
        }
        return bytes;
    }

    /** Addresses learnt. */
    public int learntAddresses() {
        return table.size();
    }

    @Override
    public int run(int budget) {
        FabricPort[] all = ports;
        int work = 0;
        // Another input is first each time, so that none gets the room of a shared output for ever.
        first = first + 1 >= all.length ? 0 : first + 1;
        for (int i = 0; i < all.length; i++) {
            int at = first + i;
            work += receive(all, all[at < all.length ? at : at - all.length], budget);
        }
        for (FabricPort port : all) {
            work += port.send(budget);
        }
        return work;
    }

    private int receive(FabricPort[] all, FabricPort from, int budget) {
        int taken = 0;
        int at = from.end.peek();
        while (at >= 0 && taken < budget && forward(all, from, from.end.buffer(), at, from.end.length(at))) {
            from.end.remove(at);
            taken++;
            at = from.end.peek();
        }
        return taken;
    }

    /** Learns and queues a frame; false if one of its outputs has no room, and nothing happened. */
    private boolean forward(FabricPort[] all, FabricPort from, ByteBuffer frame, int offset, int length) {
        if (length < HEADER) {
            return true;
        }
        long destination = mac(frame, offset);
        long source = mac(frame, offset + 6);
        boolean group = isGroup(destination);
        int known = group ? LearningTable.UNKNOWN : table.find(destination);
        for (FabricPort port : all) {
            port.chosen = port != from && (known == LearningTable.UNKNOWN || known == port.number) && port.end.isUp()
                    && (group || port.behind == null || port.behind.test(destination));
            if (port.chosen && !port.queue.hasRoom(length)) {
                return false;
            }
        }
        if (!isGroup(source) && source != 0) {
            table.learn(source, from.number);
        }
        if (!group && known == LearningTable.UNKNOWN) {
            flooded = flooded + 1;
        }
        long now = clock.nanos();
        for (FabricPort port : all) {
            if (port.chosen) {
                port.queue.offer(frame, offset, length, now, 0);
            }
        }
        return true;
    }

    private static boolean isGroup(long mac) {
        return (mac >>> 40 & 1) != 0;
    }

    private static long mac(ByteBuffer frame, int at) {
        return (frame.get(at) & 0xFFL) << 40 | (frame.get(at + 1) & 0xFFL) << 32 | (frame.get(at + 2) & 0xFFL) << 24
                | (frame.get(at + 3) & 0xFFL) << 16 | (frame.get(at + 4) & 0xFFL) << 8 | frame.get(at + 5) & 0xFFL;
    }

    /** A frame that has arrived and still waits is for a full queue, whose line says when it goes on. */
    @Override
    public long nextEvent() {
        long now = clock.nanos();
        long next = NEVER;
        for (FabricPort port : ports) {
            long arrival = port.end.nextArrival();
            next = Math.min(next, Math.min(arrival > now ? arrival : NEVER, port.readyAt(now)));
        }
        return next;
    }
}
