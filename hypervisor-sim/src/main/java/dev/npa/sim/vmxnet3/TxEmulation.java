package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.net.SwitchPort;
import dev.npa.sim.net.packet.PacketHeaders;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One transmit queue; vmxnet3 §9 to §11. The ring is walked by generation bits, doorbells are not needed.
 *
 * <p>A packet is gathered into a staging buffer, gets its offloads there and is handed to the switch port. When the
 * port cannot take it, it stays staged and the ring stays where it is. Its completion, if it asks for one, is written
 * in the order of the ring, once the uplink says that the frame can no longer be overtaken; it releases the descriptors
 * of all packets up to it. Called under the device's lock.
 */
final class TxEmulation {

    private static final int HEADROOM = 8;
    /** Longest packet that is gathered: an IP packet of 64 KiB with its Ethernet header. */
    private static final int MAX_PACKET = 65535 + PacketHeaders.ETHERNET + PacketHeaders.TAG;

    private final DmaPort dma;
    private final SwitchPort port;
    private final Interrupts interrupts;
    private final CompletionRing completions;
    private final QueueStatistics statistics = new QueueStatistics();
    private final PacketHeaders headers = new PacketHeaders();
    private final TsoSegmenter tso = new TsoSegmenter(headers);
    private final ByteBuffer staging =
            ByteBuffer.allocateDirect(HEADROOM + MAX_PACKET).order(ByteOrder.LITTLE_ENDIAN);
    private DriverShared.TxQueueConf conf;
    private int mtu;
    private int next;
    private int gen;
    private int error;

    /** The packet in the staging buffer, when {@link #staged}. */
    private boolean staged;
    private boolean segmented;
    /** Frames are made here, since nobody behind the port can. */
    private boolean cutting;
    private int stagedStart;
    private int stagedLength;
    private int stagedEop;
    private int stagedDescriptors;
    private long stagedTicket;

    /** Entry of {@link #waitingEop} for a packet that asks for no completion. */
    private static final int SILENT = -1;

    /** Packets that wait for the uplink, a circular buffer: index of the EOP or {@link #SILENT}, descriptors, ticket. */
    private int[] waitingEop = {};
    private int[] waitingDescriptors = {};
    private long[] waitingTicket = {};
    private int waitingHead;
    private int waitingCount;
    private int descriptorsInFlight;
    /** Those of silent packets that are through: the next completion releases them. */
    private int descriptorsUnreported;

    TxEmulation(DmaPort dma, SwitchPort port, Interrupts interrupts) {
        this.dma = dma;
        this.port = port;
        this.interrupts = interrupts;
        this.completions = new CompletionRing(dma);
    }

    /** Starts with fresh rings at index 0 and generation 1. */
    void start(DriverShared.TxQueueConf newConf, int newMtu) {
        conf = newConf;
        mtu = newMtu;
        next = 0;
        gen = 1;
        error = 0;
        staged = false;
        waitingHead = 0;
        waitingCount = 0;
        descriptorsInFlight = 0;
        descriptorsUnreported = 0;
        waitingEop = new int[conf.size()];
        waitingDescriptors = new int[conf.size()];
        waitingTicket = new long[conf.size()];
        statistics.clear();
        completions.start(conf.completions(), conf.completionSize());
        dma.writeInt(conf.descriptor() + QueueDescriptors.TX_THRESHOLD, 1); // vmxnet3 §8: every packet rings
    }

    /**
     * Sends at most {@code budget} packets and completes what is complete.
     *
     * @return units of work; {@link #error()} tells whether the queue stopped
     */
    int run(int budget) {
        int work = 0;
        try {
            while (work < budget && error == 0 && (staged || gather()) && handOver()) {
                work++;
            }
            return work + complete();
        } catch (DmaFault e) {
            // The port has recorded it. The emulation is software: a bad address costs the queue, not the function.
            dma.clearAbort();
            error = Vmxnet3Registers.ERROR_INVALID_DESCRIPTOR;
            return work;
        }
    }

    /** Reads the next packet's descriptors and buffers. False if there is none, or the queue stopped. */
    private boolean gather() {
        long sop = word(next);
        if (TxDescriptor.gen(sop) != gen) {
            return false;
        }
        // Acquire: the generation of the SOP descriptor is the last thing that the driver stores of a packet.
        VarHandle.acquireFence();
        sop = word(next);
        int om = TxDescriptor.om(sop);
        int limit = om == TxDescriptor.OM_TSO
                ? Vmxnet3Registers.MAX_TSO_DESCRIPTORS : Vmxnet3Registers.MAX_TX_DESCRIPTORS;
        int index = next;
        int g = gen;
        int count = 0;
        int length = 0;
        long word = sop;
        while (true) {
            if (!acceptable(word, g, ++count, limit)) {
                return false;
            }
            int bytes = TxDescriptor.length(word);
            if (length + bytes <= MAX_PACKET) {
                dma.read(address(index), staging, HEADROOM + length, bytes);
            }
            length += bytes;
            if (TxDescriptor.eop(word)) {
                break;
            }
            if (++index == conf.size()) {
                index = 0;
                g ^= 1;
            }
            word = word(index);
        }
        if (descriptorsInFlight + count > conf.size()) {
            return stop(Vmxnet3Registers.ERROR_TXD_REUSED);
        }
        stagedEop = TxDescriptor.cq(word) ? index : SILENT;
        stagedDescriptors = count;
        stagedTicket = 0;
        next = index + 1 == conf.size() ? 0 : index + 1;
        gen = index + 1 == conf.size() ? g ^ 1 : g;
        staged = true;
        prepare(sop, om, length);
        return true;
    }

    private boolean acceptable(long word, int g, int count, int limit) {
        if (TxDescriptor.gen(word) != g) {
            return stop(Vmxnet3Registers.ERROR_NO_EOP);
        }
        if (count > limit) {
            return stop(Vmxnet3Registers.ERROR_TOO_MANY_TXD);
        }
        if (TxDescriptor.type(word) != 0) {
            return stop(Vmxnet3Registers.ERROR_TYPE_UNSUPPORTED);
        }
        return count > 1 || TxDescriptor.om(word) != TxDescriptor.OM_ENCAPSULATION
                || stop(Vmxnet3Registers.ERROR_INVALID_DESCRIPTOR); // om 1 needs revision 4
    }

    private boolean stop(int reason) {
        error = reason;
        return false;
    }

    /** Offloads. A packet that cannot be sent is counted and becomes empty, so that it is only completed. */
    private void prepare(long sop, int om, int length) {
        int hlen = TxDescriptor.hlen(sop);
        int msscof = TxDescriptor.msscof(sop);
        int tci = TxDescriptor.insertTag(sop) ? TxDescriptor.tci(sop) & 0xFFFF : -1;
        stagedStart = HEADROOM;
        stagedLength = length;
        segmented = om == TxDescriptor.OM_TSO;
        cutting = false;
        boolean good = length >= PacketHeaders.ETHERNET && length <= MAX_PACKET;
        if (good && segmented) {
            good = hlen + msscof <= mtu + PacketHeaders.ETHERNET + PacketHeaders.TAG
                    && tso.begin(staging, HEADROOM, length, hlen, msscof, tci);
        } else if (good && om == TxDescriptor.OM_CHECKSUM) {
            good = TxChecksum.complete(staging, HEADROOM, length, hlen, msscof, headers);
        }
        if (!good) {
            drop(QueueStatistics.TX_ERROR);
        } else if (!segmented && length > mtu + PacketHeaders.ETHERNET + PacketHeaders.TAG) {
            drop(QueueStatistics.TX_DISCARD);
        } else if (!segmented && tci >= 0) {
            stagedStart = VlanTag.insert(staging, HEADROOM, tci);
            stagedLength = length + VlanTag.LENGTH;
        }
    }

    private void drop(int counter) {
        statistics.increment(counter);
        segmented = false;
        stagedLength = 0;
    }

    /** Gives the staged packet to the port. False if it could not take all of it now. */
    private boolean handOver() {
        if (segmented) {
            if (!cutting && !pass()) {
                return false;
            }
            while (cutting && tso.hasFrame()) {
                if (!send(tso.buffer(), tso.offset(), tso.length())) {
                    return false;
                }
                statistics.countTso(tso.length());
                tso.next();
            }
        } else if (stagedLength > 0 && !send(staging, stagedStart, stagedLength)) {
            return false;
        }
        int at = waitingHead + waitingCount;
        at = at >= waitingEop.length ? at - waitingEop.length : at;
        waitingEop[at] = stagedEop;
        waitingDescriptors[at] = stagedDescriptors;
        waitingTicket[at] = stagedTicket;
        waitingCount++;
        descriptorsInFlight += stagedDescriptors;
        staged = false;
        return true;
    }

    /** Offers a whole packet for the uplink's NIC to cut, or begins to cut it. False if it has to wait. */
    private boolean pass() {
        long ticket = tso.isPlain()
                ? port.fromGuest(staging, stagedStart, stagedLength, tso.request(), tso.offload()) : SwitchPort.UNABLE;
        if (ticket == SwitchPort.UNABLE) {
            cutting = true;
            tso.cut();
            return true;
        }
        if (ticket < 0) {
            return false;
        }
        stagedTicket = ticket;
        statistics.countTso(tso.frames(), tso.bytes()); // only unicast passes whole
        return true;
    }

    private boolean send(ByteBuffer buffer, int offset, int length) {
        long ticket = port.fromGuest(buffer, offset, length);
        if (ticket < 0) {
            return false;
        }
        stagedTicket = Math.max(stagedTicket, ticket);
        statistics.count(buffer, offset, length);
        return true;
    }

    /** Writes completions, in order, as far as the uplink has completed. */
    private int complete() {
        if (waitingCount == 0) {
            return 0;
        }
        long completed = port.completed();
        int count = 0;
        boolean reported = false;
        while (waitingCount > 0 && waitingTicket[waitingHead] <= completed) {
            descriptorsUnreported += waitingDescriptors[waitingHead];
            if (waitingEop[waitingHead] != SILENT) {
                completions.put(waitingEop[waitingHead], TxDescriptor.completion(0));
                descriptorsInFlight -= descriptorsUnreported;
                descriptorsUnreported = 0;
                reported = true;
            }
            waitingHead = waitingHead + 1 == waitingEop.length ? 0 : waitingHead + 1;
            waitingCount--;
            count++;
        }
        if (reported) {
            interrupts.raise(conf.vector());
        }
        return count;
    }

    private long address(int index) {
        return dma.readLong(conf.ring() + (long) index * Vmxnet3Registers.DESCRIPTOR);
    }

    private long word(int index) {
        return dma.readLong(conf.ring() + (long) index * Vmxnet3Registers.DESCRIPTOR + 8);
    }

    /** Why the queue stopped; 0 while it runs. */
    int error() {
        return error;
    }

    DriverShared.TxQueueConf conf() {
        return conf;
    }

    QueueStatistics statistics() {
        return statistics;
    }

    /** Packets gathered or sent whose completion is not written yet. */
    int outstanding() {
        return waitingCount + (staged ? 1 : 0);
    }

    int next() {
        return next;
    }

    int gen() {
        return gen;
    }
}
