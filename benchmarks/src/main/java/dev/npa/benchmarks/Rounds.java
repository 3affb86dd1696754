package dev.npa.benchmarks;

import dev.npa.benchmarks.device.FakeDevice;
import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.path.DataPath;

/**
 * The three things that are measured, a burst at a time: what a network stack does around the data path, the data path,
 * and the device. A round in which not every packet made its way throws.
 */
final class Rounds {

    private final PhysicalMemory memory;
    private final PacketPool pool;
    private final DataPath path;
    private final FakeDevice device;
    private final PacketBurst packets = new PacketBurst(FakeDevice.MOST);
    private final PacketBurst done = new PacketBurst(FakeDevice.MOST);

    Rounds(Bench bench) {
        memory = bench.memory();
        pool = bench.pool();
        path = bench.path();
        device = bench.device();
    }

    /** Takes buffers from the pool, transmits them as frames, and frees them when the device is done. */
    void tx(int burst) {
        fill(burst);
        path.transmit(packets, 0, burst, 0);
        int sent = device.transmit(burst);
        check(sent, reclaim(burst), burst);
    }

    /**
     * As {@link #tx} without device and reclaim: leaves the frames in the ring.
     *
     * @return frames that the ring took
     */
    int arm(int burst) {
        fill(burst);
        return path.transmit(packets, 0, burst, 0);
    }

    private void fill(int burst) {
        packets.clear();
        for (int i = 0; i < burst; i++) {
            int handle = pool.take(PacketPool.STACK);
            packets.add(pool.address(handle), handle, FakeDevice.FRAME, PacketFlags.WHOLE);
        }
    }

    /** Receives frames and frees their buffers. */
    void rx(int burst) {
        int arrived = device.receive(burst);
        packets.clear();
        check(arrived, path.receive(packets, burst), burst);
        free(packets);
    }

    private int reclaim(int burst) {
        done.clear();
        int completed = path.reclaim(done, burst);
        free(done);
        return completed;
    }

    private void free(PacketBurst burst) {
        check(pool.free(burst, 0, burst.size()), burst.size(), burst.size());
    }

    /** Receives frames, changes the first bytes of each, and transmits them from the same buffers. */
    void forward(int burst) {
        device.receive(burst);
        pass(burst);
    }

    /** As {@link #forward}, for frames that have arrived already. */
    void pass(int burst) {
        packets.clear();
        int received = path.receive(packets, burst);
        touch();
        path.transmit(packets, 0, packets.size(), 0);
        int sent = device.transmit(burst);
        reclaim(burst);
        check(received, sent, burst);
        check(path.inFlight(), 0, 0);
    }

    private void touch() {
        for (int i = 0; i < packets.size(); i++) {
            long address = packets.address(i);
            memory.putLong(address, touched(memory.getLong(address)));
            packets.offload(i, 0); // receive results are no transmit requests
            packets.flags(i, PacketFlags.WHOLE);
        }
    }

    /** What {@link #forward} makes of the first eight bytes of a frame. */
    static long touched(long first) {
        return ~first;
    }

    private static void check(int some, int others, int expected) {
        if (some != expected || others != expected) {
            throw new IllegalStateException("of a burst of " + expected + " packets only " + some + " and " + others
                    + " made their way; nothing would be measured");
        }
    }
}
