package dev.npa.benchmarks;

import dev.npa.benchmarks.device.FakeDevice;
import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.path.DataPath;

/**
 * Forwarding with every offload in use, a burst at a time: packets arrive with hash, tag and checksum results in one
 * buffer or in several, are read and changed, and leave from the same buffers with requests. A round in which not every
 * packet made its way throws.
 */
final class OffloadForward {

    /** Room for a burst of packets in {@link FakeDevice#BUFFERS} segments. */
    private static final int ENTRIES = FakeDevice.MOST * FakeDevice.BUFFERS;
    private static final int RESULTS = PacketFlags.RX_HASH | PacketFlags.RX_VLAN | PacketFlags.RX_L4_GOOD;
    private static final int ONE = PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_VLAN;
    private static final int SEVERAL = ONE | PacketFlags.TX_TSO;
    private static final int MSS = 1448;

    private final PhysicalMemory memory;
    private final PacketPool pool;
    private final DataPath path;
    private final FakeDevice device;
    private final PacketBurst packets = new PacketBurst(ENTRIES);
    private final PacketBurst done = new PacketBurst(ENTRIES);
    private long segments;

    /**
     * Forwards over a bench that has everything.
     *
     * @see Bench#withEverything
     */
    OffloadForward(Bench bench) {
        memory = bench.memory();
        pool = bench.pool();
        path = bench.path();
        device = bench.device();
    }

    /** Segments of all packets so far. */
    long segments() {
        return segments;
    }

    /** Segments of a packet on average, which depends on how a device spreads packets over buffers. */
    static double segmentsPerPacket(String plugin, int burst) {
        OffloadForward rounds = new OffloadForward(Bench.withEverything(plugin));
        rounds.forward(burst);
        return (double) rounds.segments() / burst;
    }

    /** Receives a burst of packets with results, asks for everything, transmits them and frees the buffers. */
    void forward(int burst) {
        int arrived = device.receiveResults(burst);
        int received = turn(burst);
        int sent = device.transmit(burst);
        int completed = reclaim(burst);
        if (arrived != burst || received != burst || sent != burst || completed != burst) {
            throw new IllegalStateException("of a burst of " + burst + " packets " + arrived + " arrived, " + received
                    + " were received, " + sent + " sent, " + completed + " completed; nothing would be measured");
        }
    }

    /**
     * As {@link #forward} without transmit by the device and reclaim: leaves the packets in the transmit ring.
     *
     * @return whether both rings had room for a whole burst
     */
    boolean arm(int burst) {
        if (device.receiveResults(burst) != burst) {
            return false;
        }
        packets.clear();
        path.receive(packets, burst);
        ask();
        return path.transmit(packets, 0, packets.size(), 0) == packets.size();
    }

    private int turn(int burst) {
        packets.clear();
        int received = path.receive(packets, burst);
        segments += packets.size();
        int seen = ask();
        int taken = path.transmit(packets, 0, packets.size(), 0);
        return taken == packets.size() && (seen & RESULTS) == RESULTS ? received : 0;
    }

    /** Returns the results that every packet had. */
    private int ask() {
        int seen = ~0;
        for (int i = 0; i < packets.size(); i++) {
            int flags = packets.flags(i);
            if ((flags & PacketFlags.SOP) != 0) {
                seen &= flags;
                ask(i, flags);
            } else {
                packets.flags(i, flags & PacketFlags.EOP);
            }
        }
        return seen;
    }

    private void ask(int i, int flags) {
        long address = packets.address(i);
        memory.putLong(address, Rounds.touched(memory.getLong(address)));
        boolean whole = (flags & PacketFlags.EOP) != 0;
        // The tag that was stripped is put in again.
        packets.offload(i, PacketBurst.txOffload(14, 20, 20, whole ? 0 : MSS, packets.rxVlan(i)));
        packets.flags(i, flags & PacketFlags.WHOLE | (whole ? ONE : SEVERAL));
    }

    private int reclaim(int burst) {
        done.clear();
        int completed = path.reclaim(done, burst);
        for (int i = 0; i < done.size(); i++) {
            pool.free(done.handle(i), PacketPool.STACK);
        }
        return completed;
    }
}
