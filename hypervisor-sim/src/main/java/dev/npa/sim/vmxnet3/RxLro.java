package dev.npa.sim.vmxnet3;

import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;

/**
 * Large receive offload: merges TCP segments towards the guest; vmxnet3 §9 (RxCompDescExt), §12. Segments wait for more
 * of their flow within one burst of frames only. Nothing overtakes within a flow: a frame that cannot be merged is
 * delivered behind what waits of its flow, and only buffers that the guest has posted make a packet grow. Under the
 * device's lock.
 */
final class RxLro {

    /** Flows that are merged at the same time. */
    private static final int SESSIONS = 8;

    /** What became of a frame. */
    enum Outcome { MERGED, DELIVER, WAIT }

    private final LroSession[] sessions = new LroSession[SESSIONS];
    private final RxQueueEmulation[] queues = new RxQueueEmulation[SESSIONS];
    private final int[] types = new int[SESSIONS];
    private final int[] hashes = new int[SESSIONS];
    private final int[] tags = new int[SESSIONS];
    private final PacketHeaders finished = new PacketHeaders();
    private int open;
    private int oldest;

    RxLro() {
        for (int i = 0; i < SESSIONS; i++) {
            sessions[i] = new LroSession();
        }
    }

    /** Forgets what waits. */
    void clear() {
        for (LroSession session : sessions) {
            session.close();
        }
        open = 0;
    }

    /** Whether segments wait to be delivered. */
    boolean holds() {
        return open != 0;
    }

    /**
     * Takes a frame for merging, if it can be. The caller removes it from its queue when it was.
     *
     * @param good whether the frame's checksums are right
     * @param tci tag to be stripped, -1 = none
     * @return DELIVER: deliver it as it is, nothing of its flow waits; WAIT: the guest must post buffers first
     */
    Outcome take(ByteBuffer frame, int at, int length, PacketHeaders h, boolean good, RxQueueEmulation queue, int type,
            int hash, int tci) {
        int payload = good ? LroSession.payload(h) : -1;
        int known = find(frame, at, h);
        if (known >= 0) {
            LroSession session = sessions[known];
            if (payload >= 0 && queues[known] == queue && session.fits(frame, at, h, payload)
                    && queue.holds(session.lengthWith(h, payload) - stripped(tci))) {
                queue.statistics().count(frame, at, length);
                session.append(frame, at, h, payload);
                return Outcome.MERGED;
            }
            if (!deliver(known)) {
                return Outcome.WAIT;
            }
        }
        if (payload < 0) {
            return Outcome.DELIVER;
        }
        int free = room();
        if (free < 0) {
            return Outcome.WAIT;
        }
        queue.statistics().count(frame, at, length);
        sessions[free].begin(frame, at, length, h, payload);
        queues[free] = queue;
        types[free] = type;
        hashes[free] = hash;
        tags[free] = tci;
        open++;
        return Outcome.MERGED;
    }

    private static int stripped(int tci) {
        return tci >= 0 ? VlanTag.LENGTH : 0;
    }

    private int find(ByteBuffer frame, int at, PacketHeaders h) {
        for (int i = 0; i < SESSIONS && open != 0; i++) {
            if (sessions[i].isOpen() && sessions[i].isFlow(frame, at, h)) {
                return i;
            }
        }
        return -1;
    }

    /** A session without segments; -1 if all have some that the guest has no buffers for. */
    private int room() {
        for (int i = 0; i < SESSIONS; i++) {
            if (!sessions[i].isOpen()) {
                return i;
            }
        }
        oldest = (oldest + 1) % SESSIONS;
        return deliver(oldest) ? oldest : -1;
    }

    /** Delivers what waits, as far as the guest has buffers; returns how many packets. */
    int flush() {
        int count = 0;
        for (int i = 0; i < SESSIONS && open != 0; i++) {
            if (sessions[i].isOpen() && deliver(i)) {
                count++;
            }
        }
        return count;
    }

    private boolean deliver(int index) {
        LroSession session = sessions[index];
        RxQueueEmulation queue = queues[index];
        int tci = tags[index];
        int length = session.length() - stripped(tci);
        if (!queue.planGuarded(length)) {
            return false;
        }
        session.finish(finished);
        int start = tci >= 0 ? VlanTag.strip(session.buffer(), session.start()) : session.start();
        queue.describe(types[index], hashes[index], tci, session.checks(), false);
        queue.merged(session.segments(), session.mss(), session.timestampDelta());
        session.close();
        open--;
        queue.deliverGuarded(session.buffer(), start, length);
        return true;
    }
}
