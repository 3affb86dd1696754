package dev.npa.plugin.broadcom.testing;

import dev.npa.hw.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/** A queue pair as SETUP_Q describes it: rings found by walking their page links. */
final class FakeQueue {

    final Chain tx;
    final Chain rx;
    final Chain rcq;
    final Chain sge;
    final int bufferBytes;
    final int sgeBytes;
    final int maxSges;
    int txConsumer;
    int txPackets;
    int txProducer;
    int cqeProducer;
    int bdProducer;
    int sgeProducer;
    int cqe;
    int bdConsumer;
    int sgeConsumer;

    FakeQueue(PhysicalMemory memory, long message) {
        rcq = new Chain(memory, memory.getLong(message + 8), 64, 63, 1);
        rx = new Chain(memory, memory.getLong(message + 24), 8, 510, 2);
        long sges = memory.getLong(message + 32);
        sge = sges == 0 ? null : new Chain(memory, sges, 8, 510, 2);
        bufferBytes = memory.getShort(message + 46);
        sgeBytes = memory.getShort(message + 52);
        maxSges = memory.getByte(message + 56);
        tx = new Chain(memory, memory.getLong(message + 64), 16, 255, 1);
        if (memory.getLong(message + 16) != rcq.address(64)) {
            throw new IllegalStateException("the second page of completions is not where the first one links to");
        }
    }

    /** A circular chain of pages. */
    static final class Chain {
        private final List<Long> pages = new ArrayList<>();
        private final int bytes;
        private final int usable;
        private final int skip;

        Chain(PhysicalMemory memory, long first, int bytes, int usable, int skip) {
            this.bytes = bytes;
            this.usable = usable;
            this.skip = skip;
            long page = first;
            do {
                if (page % 4096 != 0 || pages.size() > 64) {
                    throw new IllegalStateException("bad page 0x" + Long.toHexString(page));
                }
                pages.add(page);
                page = memory.getLong(page + (long) usable * bytes);
            } while (page != first);
        }

        int entries() {
            return pages.size() * (4096 / bytes);
        }

        long address(int index) {
            int slot = index & entries() - 1;
            int perPage = 4096 / bytes;
            return pages.get(slot / perPage) + (long) (slot % perPage) * bytes;
        }

        /** The position to use for {@code index}, which may rest on a link. */
        int settle(int index) {
            int inPage = (index & entries() - 1) % (4096 / bytes);
            return (inPage == usable ? index + skip : index) & 0xFFFF;
        }

        int available(int producer, int consumer) {
            return (producer - consumer & 0xFFFF) % entries();
        }
    }
}
