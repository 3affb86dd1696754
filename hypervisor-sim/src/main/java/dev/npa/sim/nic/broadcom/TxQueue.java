package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Transmit side of a client: its BD ring, what CLIENT_SETUP says of it, and the packet that waits to leave. */
final class TxQueue {

    /** Room before the packet for an inserted VLAN tag. */
    static final int HEADROOM = 16;
    /** Longest packet for segmentation, headers included. */
    static final int MAX_TSO = 256 * 1024;

    private static final int SMALL = 16 * 1024;

    final Client client;
    final PageChain bds = new PageChain(4, 1);

    DmaPort port;
    int statusBlock;
    int sbIndex;
    boolean security;
    boolean switching;
    boolean antiSpoof;
    int defaultVlan;
    boolean hasDefaultVlan;
    boolean refuseOutOfBand;

    /** Packets completed, free-running 16 bits. */
    int packets;
    /** Bytes of the packet in hand, from {@link #start}. */
    ByteBuffer packet;
    boolean held;
    int start;
    int length;
    /** Second long of the start BD, parse BD's addresses and parsing_data. */
    long options;
    long parsedDestination;
    long parsedSource;
    int parsing;
    /** The packet is dropped instead of sent. */
    boolean drop;
    /** BD consumer behind the packet. */
    int nextConsumer;
    /** Segments of a TSO packet that have left. */
    int segment;
    /** Length of a frame that the wire could not take; 0 if none waits for the wire. */
    int waitsForWire;
    /** A local queue could not take the frame: which, and how many SGEs it needs. */
    boolean waitsForRing;
    Client fullClient;
    int fullSges;
    /** A producer that ends inside a packet; -1 for none. */
    int stalledAt = -1;

    private AtomicIntegerArray doorbells;

    TxQueue(Client client) {
        this.client = client;
    }

    /** Takes over the transmit part of CLIENT_SETUP, which begins at {@code o}. */
    void setup(ByteBuffer b, int o, DmaPort newPort, AtomicIntegerArray cells) {
        port = newPort;
        doorbells = cells;
        security = b.get(o) != 0;
        statusBlock = b.get(o + 1) & 0xFF;
        sbIndex = b.get(o + 2) & 7;
        switching = b.get(o + 4) != 0;
        antiSpoof = b.get(o + 5) != 0;
        defaultVlan = b.getShort(o + 6) & 0xFFFF;
        hasDefaultVlan = b.get(o + 18) != 0;
        refuseOutOfBand = b.get(o + 21) != 0;
        bds.start(port, b.getLong(o + 8));
        packets = 0;
        stop();
        if (packet == null) {
            packet = buffer(SMALL);
        }
    }

    /** Forgets the packet in hand. */
    void stop() {
        held = false;
        waitsForWire = 0;
        waitsForRing = false;
        fullClient = null;
        stalledAt = -1;
    }

    /** BD producer of the last doorbell. Acquire: BDs written before it are visible. */
    int producer() {
        return doorbells.getAcquire(client.connection) >>> 16;
    }

    /** Whether there is something that could be tried now. May fault. */
    boolean hasWork() {
        if (held) {
            return true;
        }
        int producer = producer();
        return producer != stalledAt && (bds.entries() == 0 ? producer != 0 && bds.walk() : bds.has(producer, 1));
    }

    /** Makes room for a segmentation packet; kept from then on. */
    void grow() {
        if (packet.capacity() < MAX_TSO) {
            packet = buffer(MAX_TSO + 1024);
        }
    }

    boolean isSegmented() {
        return (TxBd.flags(options) & TxBd.SW_LSO) != 0;
    }

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
