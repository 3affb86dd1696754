package dev.npa.benchmarks;

import dev.npa.benchmarks.device.FakeDevice;
import dev.npa.plugin.Feature;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.path.DataPath;

/**
 * Rounds in which every packet asks for offloads or has results, and which throw when one of them was not met:
 * checksums, TSO, tags, several segments; hash, good checksums, tags, several buffers, merged packets.
 */
final class OffloadRounds {

    private static final int RESULTS = PacketFlags.RX_IPV4 | PacketFlags.RX_TCP | PacketFlags.RX_IP_GOOD
            | PacketFlags.RX_L4_GOOD | PacketFlags.RX_VLAN | PacketFlags.RX_HASH;
    private static final int TSO = PacketFlags.TX_TSO | PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM
            | PacketFlags.TX_VLAN;
    private static final int UDP = PacketFlags.TX_IPV6 | PacketFlags.TX_UDP_CHECKSUM;
    private static final int TCP = PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_VLAN;
    private static final int L2 = 14;
    private static final int SEGMENT = 1400;

    private final PacketPool pool;
    private final DataPath path;
    private final FakeDevice device;
    private final boolean ipChecksum;
    private final PacketBurst packets = new PacketBurst(FakeDevice.MOST);
    private final PacketBurst done = new PacketBurst(FakeDevice.MOST);
    private long merged;

    OffloadRounds(Bench bench) {
        pool = bench.pool();
        path = bench.path();
        device = bench.device();
        ipChecksum = bench.has(Feature.TX_IP_CHECKSUM);
    }

    /** Packets that the device had merged. */
    long merged() {
        return merged;
    }

    /** Transmits packets with requests, by turns a segmented one, one of two segments and one of a single one. */
    void tx(int burst) {
        packets.clear();
        for (int i = 0; i < burst; i++) {
            switch (i % 3) {
                case 0:
                    packet(3, TSO, PacketBurst.txOffload(L2, 20, 32, 1448, i));
                    break;
                case 1:
                    packet(2, UDP, PacketBurst.txOffload(L2, 40, 8, 0, 0));
                    break;
                default:
                    packet(1, TCP | (ipChecksum ? PacketFlags.TX_IP_CHECKSUM : 0),
                            PacketBurst.txOffload(L2, 20, 20, 0, 7));
            }
        }
        int taken = path.transmit(packets, 0, packets.size(), 0);
        int sent = device.transmit(burst);
        done.clear();
        int completed = path.reclaim(done, burst);
        free(done);
        if (taken != packets.size() || sent != burst || completed != burst || path.aborted() != 0) {
            throw new IllegalStateException("of " + packets.size() + " segments " + taken + " were taken; of " + burst
                    + " packets " + sent + " were sent, " + completed + " completed, " + path.aborted() + " aborted");
        }
    }

    private void packet(int segments, int requests, long offload) {
        int first = packets.size();
        for (int i = 0; i < segments; i++) {
            int handle = pool.take(PacketPool.STACK);
            packets.add(pool.address(handle), handle, SEGMENT,
                    (i == 0 ? PacketFlags.SOP | requests : 0) | (i == segments - 1 ? PacketFlags.EOP : 0));
        }
        packets.offload(first, offload);
        packets.packetLength(first, segments * SEGMENT);
    }

    private void free(PacketBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            pool.free(burst.handle(i), PacketPool.STACK);
        }
    }

    /** Receives packets with all results. */
    void rx(int burst) {
        int arrived = device.receiveResults(burst);
        packets.clear();
        int received = path.receive(packets, burst);
        if (arrived != burst || received != burst) {
            throw new IllegalStateException("of " + burst + " packets " + arrived + " arrived, " + received
                    + " were received");
        }
        for (int i = 0; i < packets.size(); i++) {
            if ((packets.flags(i) & PacketFlags.SOP) != 0) {
                check(i);
            }
        }
        free(packets);
    }

    private void check(int i) {
        int flags = packets.flags(i);
        if ((flags & RESULTS) != RESULTS || packets.rxHash(i) != FakeDevice.HASH
                || packets.rxVlan(i) != FakeDevice.TAG) {
            throw new IllegalStateException("a packet has flags 0x" + Integer.toHexString(flags) + ", hash 0x"
                    + Integer.toHexString(packets.rxHash(i)) + ", tag 0x" + Integer.toHexString(packets.rxVlan(i)));
        }
        merged += flags & PacketFlags.RX_LRO;
    }
}
