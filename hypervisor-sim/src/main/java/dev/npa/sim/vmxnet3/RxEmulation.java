package dev.npa.sim.vmxnet3;

import dev.npa.shell.PacketFlags;
import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.net.FrameFifo;
import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;

/**
 * The receive side: takes frames from the switch port's queue, picks a receive queue by RSS, verifies checksums, strips
 * the tag; vmxnet3 §12. A frame for which the driver has no buffer waits, and those behind it wait with it: nothing is
 * dropped for lack of buffers and nothing overtakes. Called under the device's lock.
 */
final class RxEmulation {

    private static final int IP_CHECKED = PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD;
    private static final int L4_CHECKED = PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;

    private final DmaPort dma;
    private final FrameFifo frames;
    private final Interrupts interrupts;
    private final PacketHeaders headers = new PacketHeaders();
    private RxQueueEmulation[] queues = {};
    private int active;
    private RssHash rss;
    private boolean verify;
    private boolean strip;
    /** Merges segments; null until a guest asks for it. */
    private RxLro lro;
    private boolean merge;

    RxEmulation(DmaPort dma, FrameFifo frames, Interrupts interrupts) {
        this.dma = dma;
        this.frames = frames;
        this.interrupts = interrupts;
    }

    /** Starts the queues with fresh rings. */
    void start(DriverShared shared) {
        forget();
        active = shared.rx().length;
        if (queues.length < active) {
            int had = queues.length;
            queues = java.util.Arrays.copyOf(queues, active);
            for (int q = had; q < active; q++) {
                queues[q] = new RxQueueEmulation(dma);
            }
        }
        for (int q = 0; q < active; q++) {
            queues[q].start(shared.rx()[q], q, active, shared.maxBuffers());
        }
    }

    /** Drops what waits to be merged, as when the device is quiesced. */
    void forget() {
        if (lro != null) {
            lro.clear();
        }
    }

    /** Whether frames taken from the port's queue are not in the guest's rings yet. */
    boolean holdsFrames() {
        return lro != null && lro.holds();
    }

    /**
     * Sets uptFeatures; vmxnet3 §7. Merging needs completions that can tell of it, and checksums that were verified.
     *
     * @param revision in force, from 1
     */
    void features(int features, int revision) {
        merge = (features & Vmxnet3Registers.FEATURE_LRO) != 0 && (features & Vmxnet3Registers.FEATURE_RXCSUM) != 0
                && revision >= Vmxnet3Registers.LRO_REVISION;
        if (merge && lro == null) {
            lro = new RxLro();
        }
        verify = (features & Vmxnet3Registers.FEATURE_RXCSUM) != 0;
        strip = (features & Vmxnet3Registers.FEATURE_RXVLAN) != 0;
    }

    /** Null switches RSS off: everything goes to queue 0. */
    void rss(RssHash newRss) {
        rss = newRss;
    }

    int count() {
        return active;
    }

    RxQueueEmulation queue(int index) {
        return queues[index];
    }

    /** Hands over at most {@code budget} frames; returns how many. */
    int run(int budget) {
        int work = 0;
        while (work < budget && next()) {
            work++;
        }
        if (lro != null) {
            // A burst is as long as segments wait for more of their packet.
            work += lro.flush();
        }
        if (work > 0) {
            for (int q = 0; q < active; q++) {
                if (queues[q].takeIndicated()) {
                    interrupts.raise(queues[q].conf().vector());
                }
            }
        }
        return work;
    }

    private boolean next() {
        int at = frames.peek();
        if (at < 0) {
            return false;
        }
        ByteBuffer buffer = frames.buffer();
        int length = frames.length(at);
        headers.parse(buffer, at, length);
        int type = 0;
        int hash = 0;
        RxQueueEmulation queue = queues[0];
        if (rss != null) {
            type = rss.apply(headers);
            hash = rss.hash();
            queue = type == 0 ? queue : queues[rss.queue(hash)];
        }
        int tci = strip ? headers.vlanTci() : -1;
        int checks = verify ? checks(frames.meta(at)) : 0;
        if (lro != null) {
            RxLro.Outcome outcome = offer(buffer, at, length, queue, type, hash, tci, checks);
            if (outcome == RxLro.Outcome.MERGED) {
                frames.remove(at);
            }
            if (outcome != RxLro.Outcome.DELIVER) {
                return outcome == RxLro.Outcome.MERGED;
            }
        }
        return deliver(buffer, at, length, queue, type, hash, tci, checks);
    }

    private RxLro.Outcome offer(ByteBuffer buffer, int at, int length, RxQueueEmulation queue, int type, int hash,
            int tci, int checks) {
        boolean good = merge && (checks & RxDescriptor.TUC) != 0
                && (checks & (RxDescriptor.IPC | RxDescriptor.V6)) != 0;
        try {
            return lro.take(buffer, at, length, headers, good, queue, type, hash, tci);
        } catch (DmaFault e) {
            return stop(queue);
        }
    }

    /** The port has recorded it. The emulation is software: a bad address costs the queue, not the function. */
    private RxLro.Outcome stop(RxQueueEmulation queue) {
        dma.clearAbort();
        queue.fail(Vmxnet3Registers.ERROR_INVALID_DESCRIPTOR);
        return RxLro.Outcome.WAIT;
    }

    private boolean deliver(ByteBuffer buffer, int at, int length, RxQueueEmulation queue, int type, int hash, int tci,
            int checks) {
        int stripped = tci >= 0 ? length - VlanTag.LENGTH : length;
        int start = at;
        try {
            if (!queue.plan(stripped)) {
                return false;
            }
            boolean cnc = (checks & (RxDescriptor.V4 | RxDescriptor.V6)) == 0
                    || headers.isUdp() && !headers.hasL4Checksum(); // without cnc it would be called wrong
            start = tci >= 0 ? VlanTag.strip(buffer, at) : at;
            queue.describe(type, hash, tci, checks, cnc);
            queue.deliver(buffer, start, stripped);
        } catch (DmaFault e) {
            if (start != at) {
                VlanTag.insert(buffer, start, tci);
            }
            stop(queue);
            return false;
        }
        frames.remove(at);
        return true;
    }

    /** What the uplink's NIC has verified need not be verified again. */
    private int checks(int results) {
        int version = headers.ipVersion();
        if (version == 0) {
            return 0;
        }
        int bits = version == 4 ? RxDescriptor.V4 : RxDescriptor.V6;
        if (version == 4 && ((results & IP_CHECKED) == 0 ? headers.ipv4ChecksumGood()
                : (results & PacketFlags.RX_IP_GOOD) != 0)) {
            bits |= RxDescriptor.IPC;
        }
        bits |= headers.isFragment() ? RxDescriptor.FRG : 0;
        bits |= headers.isTcp() ? RxDescriptor.TCP : headers.isUdp() ? RxDescriptor.UDP : 0;
        if (headers.hasL4Checksum() && ((results & L4_CHECKED) == 0 ? headers.l4ChecksumGood()
                : (results & PacketFlags.RX_L4_GOOD) != 0)) {
            bits |= RxDescriptor.TUC;
        }
        return bits;
    }
}
