package dev.npa.shell.runtime.core;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.netdev.QueueStatistics;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.offload.SoftwareTransmit;

/** One transmit queue of the operating system. */
final class TxLane {

    /** Packets that software works on at a time, from the first piece offered to the last one completed. */
    private static final int MOST_ORIGINALS = 64;
    private static final int FLAGS_SHIFT = 16;

    final int index;
    final QueueStatistics statistics;
    final SoftwareTransmit software;
    private final PacketPool pool;
    /** Completions that wait to be collected: handle, flags in the upper half. */
    private final IntFifo done;
    /** Segments of packets whose pieces are in flight, oldest first. */
    private final IntFifo originals;
    private final IntFifo originalBytes = new IntFifo(MOST_ORIGINALS);
    private boolean pieceAborted;
    /** A call of transmit took less than it was offered. */
    boolean starved;

    TxLane(int index, PacketPool pool, QueueStatistics statistics) {
        this.index = index;
        this.pool = pool;
        this.statistics = statistics;
        this.software = new SoftwareTransmit(pool);
        this.done = new IntFifo(pool.size());
        this.originals = new IntFifo(pool.size());
    }

    boolean hasDone() {
        return !done.isEmpty();
    }

    boolean canBegin() {
        return originalBytes.size() < MOST_ORIGINALS;
    }

    /** Software begins with a packet. */
    void begin(PacketBurst burst, int at, int end) {
        software.begin(burst, at, end);
        statistics.add(Counter.TX_SOFTWARE, 1);
        int bytes = 0;
        for (int i = at; i < end; i++) {
            bytes += burst.length(i);
            originals.add(burst.handle(i) | (burst.flags(i) & PacketFlags.WHOLE) << FLAGS_SHIFT);
        }
        originalBytes.add(bytes);
    }

    /** A packet that cannot be sent by anybody. */
    void refuse(PacketBurst burst, int at, int end) {
        for (int i = at; i < end; i++) {
            complete(burst.handle(i), burst.flags(i) & PacketFlags.WHOLE | PacketFlags.ABORTED);
        }
        statistics.add(Counter.TX_REFUSED, 1);
    }

    void complete(int handle, int flags) {
        done.add(handle | flags << FLAGS_SHIFT);
    }

    /** A segment of a piece is done with. */
    void pieceDone(int handle, boolean end, boolean last, boolean aborted) {
        pool.free(handle, PacketPool.STACK);
        pieceAborted |= aborted;
        if (end && last) {
            completeOriginal();
        }
    }

    private void completeOriginal() {
        int extra = pieceAborted ? PacketFlags.ABORTED : 0;
        pieceAborted = false;
        int entry;
        do {
            entry = originals.remove();
            done.add(entry | extra << FLAGS_SHIFT);
        } while ((entry >>> FLAGS_SHIFT & PacketFlags.EOP) == 0);
        int bytes = originalBytes.remove();
        if (extra == 0) {
            statistics.add(Counter.TX_PACKETS, 1);
            statistics.add(Counter.TX_BYTES, bytes);
        } else {
            statistics.add(Counter.TX_ABORTED, 1);
        }
    }

    /** Moves up to {@code budget} completions of whole packets. */
    int collect(PacketBurst into, int budget) {
        int packets = 0;
        while (packets < budget && !done.isEmpty()) {
            int count = 1;
            while ((done.peek(count - 1) >>> FLAGS_SHIFT & PacketFlags.EOP) == 0) {
                count++;
            }
            if (count > into.room()) {
                break;
            }
            for (int i = 0; i < count; i++) {
                int entry = done.remove();
                into.add(0, entry & (1 << FLAGS_SHIFT) - 1, 0, entry >>> FLAGS_SHIFT);
            }
            packets++;
        }
        return packets;
    }

    /** Frees everything. */
    void close() {
        software.close();
        while (!originals.isEmpty()) {
            pool.free(originals.remove() & (1 << FLAGS_SHIFT) - 1, PacketPool.STACK);
        }
        while (!done.isEmpty()) {
            pool.free(done.remove() & (1 << FLAGS_SHIFT) - 1, PacketPool.STACK);
        }
    }
}
