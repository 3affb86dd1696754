package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaPort;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Receive side of a client: its three rings and what CLIENT_SETUP says of it, 57712 §5 and §8. */
final class RxQueue {

    /** Most SGEs that a CQE can list. */
    static final int MAX_SGES = 8;
    /** Bytes that the device leaves free before a frame, so that IP headers are aligned. */
    static final int PAD = 2;
    private static final int SGE = 3;

    final Client client;
    final PageChain bds = new PageChain(SGE, 2);
    final PageChain sges = new PageChain(SGE, 2);
    final PageChain cqes = new PageChain(6, 1);
    final Aggregation[] bins = new Aggregation[8];

    DmaPort port;
    int zone;
    int statusBlock;
    int sbIndex;
    int bufferSize;
    int alignment;
    int sgeSize;
    int maxSges;
    boolean hasSges;
    boolean strip;
    boolean silentRemoval;
    int silentValue;
    int silentMask;
    int rssEngine;
    int multicastEngine;
    boolean dropIpErrors;
    boolean dropTcpErrors;
    boolean dropUdpErrors;
    boolean dropTtl0;
    boolean tpaV4;
    boolean tpaV6;
    boolean tpaNotOverVlan;
    int tpaQueues;
    int maxAggregation;
    /** Open aggregations; each has a CQE in reserve. */
    int open;
    /** Bin that is closed next when all are in use. */
    int victim;

    private AtomicIntegerArray cells;

    RxQueue(Client client) {
        this.client = client;
    }

    /** Takes over the receive part of CLIENT_SETUP, which begins at {@code o}. */
    void setup(ByteBuffer b, int o, DmaPort newPort, AtomicIntegerArray producers) {
        port = newPort;
        cells = producers;
        int tpa = b.get(o);
        tpaV4 = (tpa & 1) != 0;
        tpaV6 = (tpa & 2) != 0;
        tpaNotOverVlan = (tpa & 8) != 0;
        int line = b.get(o + 3);
        alignment = line >= 6 && line <= 8 ? 1 << line : 1;
        maxSges = Math.min(MAX_SGES, b.get(o + 5) & 0xFF);
        zone = b.get(o + 6) & 0xFF;
        dropIpErrors = b.get(o + 7) != 0;
        dropTcpErrors = b.get(o + 8) != 0;
        dropTtl0 = b.get(o + 9) != 0;
        dropUdpErrors = b.get(o + 10) != 0;
        strip = b.get(o + 11) != 0;
        statusBlock = b.get(o + 13) & 0xFF;
        sbIndex = b.get(o + 14) & 7;
        tpaQueues = Math.min(bins.length, b.get(o + 16) & 0xFF);
        silentRemoval = b.get(o + 17) != 0;
        bufferSize = b.getShort(o + 18) & 0xFFFF;
        sgeSize = b.getShort(o + 20) & 0xFFFF;
        multicastEngine = b.get(o + 22) & 0xFF;
        rssEngine = b.get(o + 23) & 0xFF;
        maxAggregation = b.getShort(o + 50) & 0xFFFF;
        silentValue = b.getShort(o + 68) & 0xFFFF;
        silentMask = b.getShort(o + 70) & 0xFFFF;
        bds.start(port, b.getLong(o + 24));
        cqes.start(port, b.getLong(o + 40));
        hasSges = b.getLong(o + 32) != 0 && sgeSize > 0 && maxSges > 0;
        if (hasSges) {
            sges.start(port, b.getLong(o + 32));
        }
        open = 0;
        victim = 0;
    }

    /** Takes over TPA_UPDATE data; no aggregation is open. */
    void updateTpa(ByteBuffer b) {
        tpaV4 = b.get(0) == 0 ? tpaV4 : b.get(0) == 1;
        tpaV6 = b.get(1) == 0 ? tpaV6 : b.get(1) == 1;
        tpaQueues = Math.min(bins.length, b.get(3) & 0xFF);
        maxSges = Math.min(MAX_SGES, b.get(4) & 0xFF);
        sgeSize = b.getShort(8) & 0xFFFF;
        maxAggregation = b.getShort(10) & 0xFFFF;
        if (b.getLong(12) != 0 && !hasSges) {
            sges.start(port, b.getLong(12));
        }
        hasSges = b.getLong(12) != 0 && sgeSize > 0 && maxSges > 0;
        tpaNotOverVlan = b.get(24) != 0;
    }

    void stop() {
        for (int i = 0; i < bins.length; i++) {
            if (bins[i] != null) {
                bins[i].active = false;
            }
        }
        open = 0;
    }

    boolean isBroken() {
        return bds.isBroken() || cqes.isBroken() || hasSges && sges.isBroken();
    }

    /** CQE producer in the low half, BD producer in the high half. Acquire: what was posted before is visible. */
    private int producers() {
        return cells.getAcquire(2 * zone);
    }

    int cqeProducer() {
        return producers() & 0xFFFF;
    }

    int bdProducer() {
        return producers() >>> 16;
    }

    int sgeProducer() {
        return cells.getAcquire(2 * zone + 1) & 0xFFFF;
    }

    /** Whether a ramrod's CQE fits. May fault. */
    boolean hasCqe() {
        int producer = cqeProducer();
        return producer != 0 && cqes.walk() && cqes.has(producer, 1 + open);
    }

    /** Whether a frame with a number of SGEs fits, besides the CQEs in reserve. May fault. */
    boolean hasRoom(int needSges, int needCqes) {
        int words = producers();
        if (words == 0 || !cqes.walk() || !bds.walk() || needSges > 0 && !sges.walk()) {
            return false;
        }
        return bds.has(words >>> 16, 1) && cqes.has(words & 0xFFFF, needCqes + open)
                && (needSges == 0 || sges.has(sgeProducer(), needSges));
    }

    boolean hasSge(int n) {
        return n == 0 || hasSges && sges.walk() && sges.has(sgeProducer(), n);
    }

    /** Offset of a frame in the buffer at an address: up to the cache line, and the pad. */
    int placement(long address) {
        return (int) (-address & alignment - 1) + PAD;
    }

    /** SGEs that the next frame needs if it has this length, -1 if it cannot be received. Needs a BD; may fault. */
    int sgesFor(int length) {
        if (length <= bufferSize - PAD - alignment + 1) {
            return 0;
        }
        long buffer = port.readLong(bds.address(bds.settle(bds.consumer())));
        int rest = length - (bufferSize - placement(buffer));
        if (rest <= 0) {
            return 0;
        }
        int n = hasSges ? (rest + sgeSize - 1) / sgeSize : MAX_SGES + 1;
        return n <= maxSges ? n : -1;
    }
}
