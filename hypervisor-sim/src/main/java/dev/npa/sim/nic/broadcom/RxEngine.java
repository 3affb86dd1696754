package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.net.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Puts frames into receive queues, 57712 §5 and §13: from the wire through the switch, and looped frames that the
 * transmit engine brings. A frame goes to all its queues or, if one of them has to wait for memory, to none yet.
 *
 * <p>Used under the path's lock. Nothing is allocated a frame.
 */
final class RxEngine {

    /** Longest frame that the MAC takes, without FCS: MTU 9600 and two tags. */
    static final int MAX_FRAME = 9600 + 22;

    private final Path path;
    private final EmbeddedSwitch fabric;
    private final StatusBlocks blocks;
    private final Tpa tpa;
    private final RssEngine[] rss = new RssEngine[Path.FUNCTIONS];
    private final FrameInfo info = new FrameInfo();
    private final ByteBuffer scratch = TxQueue.buffer(16 * 1024);
    private final Client[] chosen = new Client[Path.CLIENTS];
    private final int[] sges = new int[Path.CLIENTS];
    private final int[] hashType = new int[Path.CLIENTS];
    private final int[] hash = new int[Path.CLIENTS];
    private final boolean[] matched = new boolean[Path.CLIENTS];
    private int count;
    private Client blocked;
    private int blockedSges;

    /** The client that made {@link #deliver} refuse and the SGEs it wants; null: frames are held. */
    Client full;
    int fullSges;

    RxEngine(Path path, EmbeddedSwitch fabric, StatusBlocks blocks) {
        this.path = path;
        this.fabric = fabric;
        this.blocks = blocks;
        this.tpa = new Tpa(blocks);
        for (int i = 0; i < rss.length; i++) {
            rss[i] = new RssEngine();
        }
        scratch.order(ByteOrder.LITTLE_ENDIAN);
    }

    RssEngine rss(int engine) {
        return rss[engine];
    }

    Tpa tpa() {
        return tpa;
    }

    void reset() {
        blocked = null;
    }

    /** Whether the oldest frame from the wire has to wait. */
    boolean isBlocked() {
        return path.isHeld() || isFull(blocked, blockedSges);
    }

    /** Whether a frame still has to wait for a client. */
    static boolean isFull(Client c, int needSges) {
        try {
            return c != null && c.isOpen() && !c.rx.hasRoom(needSges, 1);
        } catch (DmaFault e) {
            return false; // its function is stopped
        }
    }

    /** Takes at most {@code budget} frames off the wire. */
    int run(int budget) {
        Wire.End wire = path.wire;
        int done = 0;
        if (isBlocked()) {
            return 0;
        }
        blocked = null;
        int at = wire.peek();
        while (at >= 0 && done < budget) {
            int length = wire.length(at);
            if (length <= MAX_FRAME) {
                info.layer2(wire.buffer(), at);
                fabric.fromWire(info);
                if (!deliver(wire.buffer(), at, length, info)) {
                    blocked = full;
                    blockedSges = fullSges;
                    break;
                }
            }
            wire.remove(at);
            done++;
            at = wire.peek();
        }
        return done;
    }

    /**
     * Puts a frame into the queues of the switch's targets.
     *
     * @return false if one of them has to wait; nothing happened then
     */
    boolean deliver(ByteBuffer b, int offset, int length, FrameInfo f) {
        ClientSet targets = fabric.targets;
        if (targets.isEmpty()) {
            return true;
        }
        if (path.isHeld()) {
            full = null;
            return false;
        }
        f.upperLayers(b, offset, length);
        count = 0;
        for (int c = targets.next(0); c >= 0; c = targets.next(c + 1)) {
            try {
                if (!choose(path.clients[c], length, f)) {
                    return false;
                }
            } catch (DmaFault e) {
                continue; // recorded; its function is stopped and the others get their copy
            }
        }
        for (int i = 0; i < count; i++) {
            place(i, b, offset, length, f);
        }
        return true;
    }

    /** Finds the queue of a leading client that takes the frame; false if it has to wait. */
    private boolean choose(Client leading, int length, FrameInfo f) {
        if (leading.owner == null) {
            return true;
        }
        RssEngine engine = rss[leading.rx.rssEngine < rss.length ? leading.rx.rssEngine : 0];
        engine.compute(f.headers);
        int id = engine.client(leading.id);
        Client c = id < Path.CLIENTS && path.clients[id].owner == leading.owner && path.clients[id].isOpen()
                ? path.clients[id] : leading;
        if (!c.isOpen() || dropped(c, length, f)) {
            return true;
        }
        int onRing = length - (strips(c.rx, f) ? 4 : 0);
        if (!tpa.makeRoom(c.rx, 0)) {
            return isFullNow(c, 0);
        }
        int need = c.rx.sgesFor(onRing);
        if (need < 0) {
            c.counters.tooBig++;
            return true;
        }
        if (need > 0 && !tpa.makeRoom(c.rx, need)) {
            return isFullNow(c, need);
        }
        sges[count] = need;
        hashType[count] = engine.type;
        hash[count] = engine.hash;
        matched[count] = fabric.matched.contains(leading.id);
        chosen[count++] = c;
        return true;
    }

    private boolean isFullNow(Client c, int need) {
        if (!c.isOpen()) {
            return true; // its chain turned out to be broken
        }
        full = c;
        fullSges = need;
        return false;
    }

    /** Frames that the queue's configuration refuses, 57712 §8; counted. */
    private boolean dropped(Client c, int length, FrameInfo f) {
        RxQueue q = c.rx;
        if (length - (f.tagged ? 4 : 0) > c.mtu + 14) {
            c.counters.tooBig++;
            return true;
        }
        boolean badL4 = (f.errors & Cqe.L4_BAD) != 0;
        if (q.dropIpErrors && (f.errors & Cqe.IP_BAD) != 0 || q.dropTcpErrors && badL4 && f.headers.isTcp()
                || q.dropUdpErrors && badL4 && f.headers.isUdp()) {
            c.counters.checksumDiscard++;
            return true;
        }
        if (q.dropTtl0 && f.ttlIsZero) {
            c.counters.ttl0++;
            return true;
        }
        return false;
    }

    private static boolean isSilent(RxQueue q, FrameInfo f) {
        return f.tagged && q.silentRemoval && (f.tci & q.silentMask) == (q.silentValue & q.silentMask);
    }

    private static boolean strips(RxQueue q, FrameInfo f) {
        return f.tagged && (q.strip || isSilent(q, f));
    }

    private void place(int i, ByteBuffer b, int offset, int length, FrameInfo f) {
        Client c = chosen[i];
        RxQueue q = c.rx;
        int n = length;
        ByteBuffer from = b;
        int start = offset;
        boolean strip = strips(q, f);
        if (strip) {
            n -= 4;
            scratch.put(0, b, offset, 12);
            scratch.put(12, b, offset + 16, length - 16);
            from = scratch;
            start = 0;
        }
        boolean reported = strip && !isSilent(q, f);
        int status = hashType[i] | (hashType[i] != 0 ? Cqe.HASH_VALID : 0) | (f.isBroadcast() ? Cqe.BROADCAST : 0)
                | (matched[i] ? Cqe.MAC_MATCH : 0) | f.notValidated;
        int parsing = f.parsing | (reported ? Cqe.PARSE_VLAN : 0);
        try {
            c.counters.received(f.kind(), length);
            tpa.take(q, from, start, n, f, strip ? 4 : 0, status, hash[i], reported ? f.tci : 0, parsing,
                    path.clock.nanos());
        } catch (DmaFault e) {
            c.counters.noBuffer(f.kind(), length); // its function is stopped; the others get their copy
        }
        blocks.complete(q.statusBlock, q.sbIndex, q.cqes.consumer(), path.clock.nanos());
    }
}
