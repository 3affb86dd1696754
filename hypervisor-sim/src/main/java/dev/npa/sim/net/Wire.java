package dev.npa.sim.net;

import dev.npa.hw.Clock;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;

/**
 * A full-duplex Ethernet link between a NIC port (side A) and its peer (side B): serialisation at the link's rate with
 * preamble, FCS and inter-frame gap, propagation delay, and flow control (a receiver whose packet buffer is full pauses
 * the sender, as IEEE 802.3x PAUSE does; nothing is dropped on the wire).
 *
 * <p>Each direction has one sending and one receiving thread.
 */
public final class Wire {

    /** Preamble and SFD 8, FCS 4, inter-frame gap 12. */
    public static final int OVERHEAD = 24;
    /** Bytes that a sender may have waiting in its transmit FIFO for the line. */
    public static final int SEND_AHEAD = 32 * 1024;
    /** Shortest frame without FCS; shorter ones are padded on the wire. */
    public static final int MIN_FRAME = 60;

    /** One side of the link. */
    public final class End {
        private final Direction out;
        private final Direction in;
        private final boolean outbound;

        private End(Direction out, Direction in, boolean outbound) {
            this.out = out;
            this.in = in;
            this.outbound = outbound;
        }

        /**
         * Whether {@link #send} would take a frame of this length now: link up, room in the sender's FIFO, no pause.
         */
        public boolean canSend(int length) {
            return up && out.fifo.hasRoom(Math.max(length, MIN_FRAME)) && out.freeAt <= clock.nanos() + sendAheadNanos;
        }

        /** Time from which the line is idle. */
        public long freeAt() {
            return out.freeAt;
        }

        /**
         * Sends a frame without FCS; a short one is padded with zeros.
         *
         * @return false if it could not be taken, see {@link #canSend}
         */
        public boolean send(ByteBuffer source, int offset, int length) {
            return canSend(length) && out.send(source, offset, length, outbound);
        }

        /** Offset in {@link #buffer()} of the oldest frame that has arrived completely, or -1. */
        public int peek() {
            int at = in.fifo.peek();
            return at >= 0 && in.fifo.nanos(at) <= clock.nanos() ? at : -1;
        }

        public int length(int offset) {
            return in.fifo.length(offset);
        }

        /** Arrival time of the frame that {@link #peek} returned. */
        public long nanos(int offset) {
            return in.fifo.nanos(offset);
        }

        public ByteBuffer buffer() {
            return in.fifo.buffer();
        }

        /** Takes the frame that {@link #peek} returned off the link. */
        public void remove(int offset) {
            in.fifo.remove(offset);
        }

        /** Arrival time of the oldest frame on its way here, or {@link Component#NEVER}. */
        public long nextArrival() {
            int at = in.fifo.peek();
            return at < 0 ? Component.NEVER : in.fifo.nanos(at);
        }

        public boolean isUp() {
            return up;
        }

        public int megabitsPerSecond() {
            return megabits;
        }
    }

    private final class Direction {
        final FrameFifo fifo;
        volatile long freeAt;

        Direction(int capacity) {
            fifo = new FrameFifo(capacity);
        }

        boolean send(ByteBuffer source, int offset, int length, boolean outbound) {
            int padded = Math.max(length, MIN_FRAME);
            int at = fifo.reserve(padded);
            if (at < 0) {
                return false;
            }
            ByteBuffer target = fifo.buffer();
            target.put(at, source, offset, length);
            for (int i = length; i < padded; i++) {
                target.put(at + i, (byte) 0);
            }
            long now = clock.nanos();
            long busy = (padded + OVERHEAD) * 8_000L / megabits;
            long done = Math.max(now, freeAt) + busy;
            freeAt = done;
            tap.frame(now, outbound, target, at, padded);
            fifo.publish(at, padded, done + propagationNanos, 0);
            return true;
        }
    }

    private final String name;
    private final Clock clock;
    private final int megabits;
    private final long propagationNanos;
    private final long sendAheadNanos;
    private final End sideA;
    private final End sideB;
    private volatile boolean up = true;
    private volatile FrameTap tap = FrameTap.NONE;

    /**
     * Creates a link that is up.
     *
     * @param megabits rate in Mbit/s, as 10000
     * @param propagationNanos delay of the medium
     * @param bufferBytes packet buffer of each receiver, a power of two (512 KiB for an 82599)
     */
    public Wire(String name, Clock clock, int megabits, long propagationNanos, int bufferBytes) {
        this.name = name;
        this.clock = clock;
        this.megabits = megabits;
        this.propagationNanos = propagationNanos;
        this.sendAheadNanos = SEND_AHEAD * 8_000L / megabits;
        Direction ab = new Direction(bufferBytes);
        Direction ba = new Direction(bufferBytes);
        this.sideA = new End(ab, ba, true);
        this.sideB = new End(ba, ab, false);
    }

    public String name() {
        return name;
    }

    /** The NIC's side; what it sends is outbound. */
    public End nicSide() {
        return sideA;
    }

    /** The peer's side. */
    public End peerSide() {
        return sideB;
    }

    /** Plugs or pulls the cable. Frames on their way still arrive. */
    public void setUp(boolean newUp) {
        up = newUp;
    }

    public void tap(FrameTap newTap) {
        tap = newTap;
    }
}
