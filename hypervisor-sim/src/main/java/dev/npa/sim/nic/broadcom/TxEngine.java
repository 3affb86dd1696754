package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.net.Wire;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;

/**
 * Sends the packets of BD rings, 57712 §13: fetch and checks, offloads, security, switch, then wire and local queues,
 * then completion. A packet that the wire or a local queue cannot take stays in its ring; a completed packet can no
 * longer be overtaken.
 *
 * <p>Used under the path's lock. Nothing is allocated a frame.
 */
final class TxEngine {

    private static final int DROP = -2;

    private final Path path;
    private final EmbeddedSwitch fabric;
    private final RxEngine receive;
    private final StatusBlocks blocks;
    private final Guard guard;
    private final TxFetch fetch;
    private final FrameInfo info = new FrameInfo();
    private final ByteBuffer segment = TxQueue.buffer(32 * 1024);

    TxEngine(Path path, EmbeddedSwitch fabric, RxEngine receive, StatusBlocks blocks, Guard guard) {
        this.path = path;
        this.fabric = fabric;
        this.receive = receive;
        this.blocks = blocks;
        this.guard = guard;
        this.fetch = new TxFetch(path);
    }

    /** Whether a client could send something now. */
    boolean hasWork(Client c) {
        try {
            return c.mayTransmit() && c.tx.hasWork();
        } catch (DmaFault e) {
            return false; // recorded; the function is stopped
        }
    }

    /** When a client with work can be tried again; NEVER if somebody else has to act first. */
    long nextTry(Client c, long now) {
        TxQueue q = c.tx;
        if (q.waitsForWire != 0 && !path.wire.canSend(q.waitsForWire)) {
            // The line drains by itself; a peer that pauses or a link that is down does not.
            long drained = path.wire.freeAt() - Wire.SEND_AHEAD * 8_000L / path.wire.megabitsPerSecond();
            return drained > now ? drained : Component.NEVER;
        }
        return waitsForRing(q) ? Component.NEVER : now;
    }

    /** Sends at most {@code burst} packets of a client; returns how many left it. */
    int run(Client c, int burst) {
        int done = 0;
        try {
            while (done < burst && c.mayTransmit() && step(c)) {
                done++;
            }
        } catch (DmaFault e) {
            c.tx.held = false; // the fault is recorded and the function stopped; the others go on
        }
        return done;
    }

    private boolean step(Client c) {
        TxQueue q = c.tx;
        if (q.waitsForWire != 0 && !path.wire.canSend(q.waitsForWire) || waitsForRing(q)) {
            return false;
        }
        q.waitsForWire = 0;
        q.waitsForRing = false;
        if (!q.held) {
            Malice wrong = fetch.fetch(q);
            if (wrong == null) {
                return false;
            }
            if (wrong != Malice.NONE) {
                guard.malicious(c.owner, wrong, "BD " + q.bds.settle(q.bds.consumer()) + " of client " + c.id);
                return false;
            }
            q.held = true;
            if (!q.isSegmented()) {
                prepare(c, q);
            } else {
                admit(c, q);
            }
        }
        if (!q.drop && !(q.isSegmented() ? segments(c, q) : emit(c, q, q.packet, q.start, q.length))) {
            return false;
        }
        complete(c, q);
        return true;
    }

    private boolean waitsForRing(TxQueue q) {
        return q.waitsForRing && (path.isHeld() || RxEngine.isFull(q.fullClient, q.fullSges));
    }

    /** Security, checksums, tag and padding of a packet that is one frame. */
    private void prepare(Client c, TxQueue q) {
        if (!admit(c, q)) {
            return;
        }
        int flags = TxBd.flags(q.options);
        if ((flags & TxBd.L4_CSUM) != 0) {
            TxOffload.transportChecksum(q.packet, q.start + TxBd.l4Offset(q.parsing), q.start + q.length,
                    (flags & TxBd.IS_UDP) != 0);
        }
        if ((flags & TxBd.IP_CSUM) != 0) {
            TxOffload.ipChecksum(q.packet, q.start + TxOffload.layer3(q.packet, q.start));
        }
        int tag = tagFor(q, q.packet, q.start);
        if (tag >= 0) {
            q.start = TxOffload.insertVlan(q.packet, q.start, tag);
            q.length += 4;
        }
        q.length = TxOffload.pad(q.packet, q.start, q.length);
    }

    /** Decides whether the packet in hand may be sent at all; a refused one is dropped and counted, 57712 §11. */
    private boolean admit(Client c, TxQueue q) {
        info.layer2(q.packet, q.start);
        String refused = null;
        if (q.security && (q.parsedDestination != info.destination || q.parsedSource != info.source)) {
            refused = "addresses in the parse BD are not the frame's";
        } else if (q.security && TxBd.addressType(q.parsing) != addressType(info)) {
            refused = "ETH_ADDR_TYPE " + TxBd.addressType(q.parsing) + " does not fit the destination";
        } else if (q.antiSpoof && !maySend(c, q)) {
            refused = "spoofed frame from " + Long.toHexString(info.source);
        }
        if (refused != null) {
            path.violation(c.owner, "client " + c.id + ": " + refused + "; dropped");
        }
        if (refused != null || tagFor(q, q.packet, q.start) == DROP) {
            c.counters.errorDrops++;
            q.drop = true;
        }
        return !q.drop;
    }

    private boolean maySend(Client c, TxQueue q) {
        int tag = tagFor(q, q.packet, q.start);
        int tci = info.tci;
        info.tci = tag >= 0 ? tag : tci;
        boolean may = fabric.maySend(info, c);
        info.tci = tci;
        return may;
    }

    private static int addressType(FrameInfo f) {
        return !f.isGroup() ? TxBd.UNICAST : f.isBroadcast() ? TxBd.BROADCAST : TxBd.MULTICAST;
    }

    /** Tag to insert, -1 for none, {@link #DROP} if the host's VLAN of the client meets a tag of its guest. */
    private static int tagFor(TxQueue q, ByteBuffer b, int start) {
        boolean insert = TxBd.vlanMode(q.options) == TxBd.VLAN_OUT_OF_BAND;
        if (insert && q.refuseOutOfBand) {
            return DROP;
        }
        if (!q.hasDefaultVlan) {
            return insert ? TxBd.vlanOrEtherType(q.options) : -1;
        }
        int tag = insert ? TxBd.vlanOrEtherType(q.options)
                : FrameInfo.word(b, start + 12) == 0x8100 ? FrameInfo.word(b, start + 14) : -1;
        if (tag < 0) {
            return q.defaultVlan;
        }
        // The host's VLAN is not for the guest to leave.
        return (tag & 0xFFF) != (q.defaultVlan & 0xFFF) ? DROP : insert ? tag : -1;
    }

    /** Builds and sends the segments that have not left yet. Returns false if one has to wait. */
    private boolean segments(Client c, TxQueue q) {
        int l4 = TxBd.l4Offset(q.parsing);
        int header = l4 + TxBd.tcpLength(q.parsing);
        int mss = TxBd.mss(q.parsing);
        int payload = q.length - header;
        int last = (payload - 1) / mss;
        boolean ipv6 = (TxBd.flags(q.options) & TxBd.IPV6) != 0;
        for (; q.segment <= last; q.segment++) {
            int sent = q.segment * mss;
            int bytes = Math.min(mss, payload - sent);
            int start = TxQueue.HEADROOM;
            segment.put(start, q.packet, q.start, header);
            segment.put(start + header, q.packet, q.start + header + sent, bytes);
            TxOffload.segment(segment, start, l4, header, bytes, q.segment, sent, q.segment == last, ipv6);
            int length = header + bytes;
            int tag = tagFor(q, segment, start);
            if (tag >= 0) {
                start = TxOffload.insertVlan(segment, start, tag);
                length += 4;
            }
            length = TxOffload.pad(segment, start, length);
            if (!emit(c, q, segment, start, length)) {
                return false;
            }
        }
        return true;
    }

    /** Gives one frame to the wire and to local queues, or to none of them. */
    private boolean emit(Client c, TxQueue q, ByteBuffer b, int start, int length) {
        info.layer2(b, start);
        fabric.fromClient(info, c);
        boolean toWire = fabric.toWire;
        if (toWire && !path.wire.canSend(length)) {
            q.waitsForWire = length;
            return false;
        }
        if (!receive.deliver(b, start, length, info)) {
            q.waitsForRing = true;
            q.fullClient = receive.full;
            q.fullSges = receive.fullSges;
            return false;
        }
        if (toWire) {
            path.wire.send(b, start, length);
        }
        c.counters.sent(info.kind(), length);
        return true;
    }

    private void complete(Client c, TxQueue q) {
        q.held = false;
        q.bds.consumer(q.nextConsumer);
        q.packets = q.packets + 1 & 0xFFFF;
        blocks.complete(q.statusBlock, q.sbIndex, q.packets, path.clock.nanos());
    }
}
