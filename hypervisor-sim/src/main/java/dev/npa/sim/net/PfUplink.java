package dev.npa.sim.net;

import dev.npa.hw.MacAddress;
import dev.npa.hw.PhysicalMemory;
import dev.npa.pf.PfDriver;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The uplink over a PF driver's queues, with packet buffers in the memory that the physical function reaches.
 *
 * <p>A frame longer than a buffer goes out and comes in as several segments. Frames of one round are gathered in a
 * burst and reach the NIC with {@link #flush()}, or as soon as the burst is full. A ticket is the number of the
 * frame, and the frames up to the number of packets reclaimed are behind the NIC's switch: reclaim is in the order
 * of transmission.
 *
 * <p>The driver must be started before the first call. The receive buffers are those that the driver's
 * {@link dev.npa.pf.PfHost#buffers()} hands out; the transmit buffers belong to this object.
 */
public final class PfUplink implements Uplink {

    /** Longest frame without FCS: MTU 9000, Ethernet header and two tags. */
    public static final int MAX_FRAME = 9022;

    private static final int MACS = 12;
    private static final int TAG = 4;
    private static final int BURST = 64;
    /** A packet that the NIC cuts may have so many segments here, whatever the driver takes. */
    private static final int MOST_SEGMENTS = 32;
    private static final int RESULTS = PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_GOOD
            | PacketFlags.RX_L4_BAD;
    private static final int SEGMENTS = (MAX_FRAME + HostBuffers.SIZE - 1) / HostBuffers.SIZE;
    private static final int LAST = 1 << 30;
    /** The ticket of a frame that has nothing to wait for; frames are numbered from the next one. */
    private static final long FIRST_TICKET = 1;

    private final PfDriver driver;
    private final PhysicalMemory memory;
    private final HostBuffers rxBuffers;
    private final HostBuffers txBuffers;
    private final TxQueue tx;
    private final RxQueue rx;
    private final int tsoBytes;
    private final PacketBurst toSend = new PacketBurst(BURST + MOST_SEGMENTS);
    /** Transmit buffers of the frames accepted and not completed, in their order; the last of a frame is marked. */
    private final int[] held;
    private final PacketBurst received = new PacketBurst(4 * BURST);
    private final ByteBuffer frame =
            ByteBuffer.allocateDirect(64 * HostBuffers.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    // Free-running positions in the ring of held buffers.
    private int heldHead;
    private int heldTail;
    private int sent;
    private int offered;
    private int frameLength;
    private int results;
    private long accepted;
    private long completed;
    private long aborted;
    private long oversized;

    /**
     * Connects to a started driver.
     *
     * @param driver driver of the physical function
     * @param memory memory that it reaches
     * @param rxBuffers pool that the driver's receive queue takes from
     * @param txBase address of the transmit buffers, a multiple of 64
     * @param txCount transmit buffers; they cover {@link HostBuffers#bytes} of {@code memory}
     */
    public PfUplink(PfDriver driver, PhysicalMemory memory, HostBuffers rxBuffers, long txBase, int txCount) {
        this.driver = driver;
        this.memory = memory;
        this.rxBuffers = rxBuffers;
        this.txBuffers = new HostBuffers(memory, txBase, txCount);
        this.held = new int[Integer.highestOneBit(Math.max(2, txCount) * 2 - 1)];
        this.tx = driver.uplinkTx();
        this.rx = driver.uplinkRx();
        this.tsoBytes = Math.min(MOST_SEGMENTS, driver.uplinkTsoSegments()) * HostBuffers.SIZE;
    }

    @Override
    public long transmit(ByteBuffer source, int offset, int length) {
        if (length > MAX_FRAME || length <= 0) {
            // Taken and dropped: it would never fit, and keeping it would stop its sender for good.
            oversized++;
            return accepted + FIRST_TICKET;
        }
        return queue(source, offset, length, 0, 0);
    }

    @Override
    public int segmentedBytes() {
        return tsoBytes;
    }

    @Override
    public long transmitSegmented(ByteBuffer source, int offset, int length, int flags, long offload) {
        return queue(source, offset, length, flags, offload);
    }

    private long queue(ByteBuffer source, int offset, int length, int flags, long offload) {
        int segments = (length + HostBuffers.SIZE - 1) / HostBuffers.SIZE;
        if (toSend.size() >= BURST || txBuffers.available() < segments) {
            flush();
            reclaim();
            if (toSend.size() >= BURST || txBuffers.available() < segments) {
                return 0;
            }
        }
        int first = toSend.size();
        for (int at = 0; at < length; at += HostBuffers.SIZE) {
            int size = Math.min(HostBuffers.SIZE, length - at);
            int handle = txBuffers.take();
            long address = txBuffers.address(handle);
            memory.copyFrom(address, source, offset + at, size);
            boolean last = at + size == length;
            held[heldTail++ & held.length - 1] = last ? handle | LAST : handle;
            toSend.add(address, handle, size,
                    (at == 0 ? PacketFlags.SOP | flags : 0) | (last ? PacketFlags.EOP : 0));
        }
        toSend.offload(first, offload);
        toSend.packetLength(first, length);
        return ++accepted + FIRST_TICKET;
    }

    @Override
    public void flush() {
        int size = toSend.size();
        if (sent == size) {
            return;
        }
        sent = tx.transmit(toSend, sent, size);
        if (sent == size) {
            toSend.clear();
            sent = 0;
        }
    }

    private void reclaim() {
        for (int fate = tx.reclaim(BURST); fate != 0; fate = tx.reclaim(BURST)) {
            int packets = fate < 0 ? -fate : fate;
            aborted += fate < 0 ? packets : 0;
            for (int i = 0; i < packets; i++) {
                release();
            }
            completed += packets;
        }
    }

    /** Frees the buffers of the oldest frame. */
    private void release() {
        int buffer;
        do {
            if (heldHead == heldTail) {
                throw new IllegalStateException("the PF driver completed a frame that it was never given");
            }
            buffer = held[heldHead++ & held.length - 1];
            txBuffers.give(buffer & ~LAST);
        } while ((buffer & LAST) == 0);
    }

    @Override
    public long completed() {
        return completed + FIRST_TICKET;
    }

    @Override
    public int poll(Receiver receiver, int budget) {
        if (completed < accepted) {
            reclaim();
        }
        if (sent > 0) {
            flush();
        }
        if (offered == received.size()) {
            received.clear();
            offered = 0;
            rx.receive(received, Math.min(budget, BURST));
        }
        int taken = 0;
        while (taken < budget && offered < received.size()) {
            int end = gather(offered);
            if (frameLength > 0 && !receiver.receive(frame, 0, frameLength)) {
                break;
            }
            rxBuffers.give(received, offered, end);
            offered = end;
            taken++;
        }
        return taken;
    }

    /** Copies the packet that starts at entry {@code first} into one piece; returns the entry behind it. */
    private int gather(int first) {
        int at = 0;
        int i = first;
        boolean last;
        do {
            int length = received.length(i);
            memory.copyTo(received.address(i), frame, at, length);
            at += length;
            last = (received.flags(i) & PacketFlags.EOP) != 0;
            i++;
        } while (!last && i < received.size() && at + HostBuffers.SIZE <= frame.capacity());
        if ((received.flags(first) & PacketFlags.RX_VLAN) != 0 && at >= MACS) {
            at = restoreTag(at, received.rxVlan(first));
        }
        frameLength = at;
        results = received.flags(first) & RESULTS;
        return i;
    }

    private int restoreTag(int length, int tci) {
        frame.put(MACS + TAG, frame, MACS, length - MACS);
        frame.put(MACS, (byte) 0x81).put(MACS + 1, (byte) 0);
        frame.put(MACS + 2, (byte) (tci >>> 8)).put(MACS + 3, (byte) tci);
        return length + TAG;
    }

    @Override
    public int results() {
        return results;
    }

    @Override
    public void addAddress(MacAddress mac) {
        driver.addUplinkAddress(mac);
    }

    @Override
    public void removeAddress(MacAddress mac) {
        driver.removeUplinkAddress(mac);
    }

    @Override
    public void addVlan(int vlan) {
        driver.addUplinkVlan(vlan);
    }

    @Override
    public void removeVlan(int vlan) {
        driver.removeUplinkVlan(vlan);
    }

    /** Frames that are still on their way into the NIC. */
    public long outstanding() {
        return accepted - completed;
    }

    /** Frames that the driver completed as not sent. */
    public long abortedFrames() {
        return aborted;
    }

    /** Frames dropped because they are longer than {@link #MAX_FRAME}. */
    public long oversizedFrames() {
        return oversized;
    }
}
