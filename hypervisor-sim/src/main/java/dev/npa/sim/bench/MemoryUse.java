package dev.npa.sim.bench;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/**
 * Memory of this process that is in use, in bytes.
 *
 * @param heap live objects
 * @param metaspace classes, the compressed class space included
 * @param direct buffers off the heap, the guests' memory included
 * @param code compiled code
 */
record MemoryUse(long heap, long metaspace, long direct, long code) {

    private static final int COLLECTIONS = 4;
    /** Buffers of collected objects are freed by a thread of their own, a moment later. */
    private static final long FREEING_MILLIS = 25;

    /** What is in use after garbage collections. */
    static MemoryUse now() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            try {
                Thread.sleep(FREEING_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        long metaspace = 0;
        long code = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            // The class space is a part of the metaspace, in a pool of its own beside it.
            if (pool.getName().equals("Metaspace")) {
                metaspace += pool.getUsage().getUsed();
            } else if (pool.getName().startsWith("Code")) {
                code += pool.getUsage().getUsed();
            }
        }
        long direct = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            direct += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
        }
        return new MemoryUse(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), metaspace, direct, code);
    }
}
