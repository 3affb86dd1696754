package dev.npa.shell.runtime.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class FreshDataPathsTest {

    private final PacketPool pool =
            new PacketPool(new PhysicalAllocator(PhysicalMemory.allocate(1L << 32, 1 << 20)), 64);

    private static final class Counting implements TxQueue {
        private int taken;

        @Override
        public int transmit(PacketBurst burst, int from, int to) {
            taken += to - from;
            return to;
        }

        @Override
        public int reclaim(int budget) {
            int done = Math.min(budget, taken);
            taken -= done;
            return done;
        }

        @Override
        public int outstanding() {
            return taken;
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }
    }

    private DataPath path(DataPaths maker) {
        return maker.make(new Counting(), null, 1, pool, 64);
    }

    @Test
    void eachDefinitionHasCodeOfItsOwnAndItsPathsShareIt() {
        DataPaths first = DataPaths.fresh();
        DataPaths second = DataPaths.fresh();
        assertSame(path(first).getClass(), path(first).getClass());
        assertNotEquals(path(first).getClass(), path(second).getClass());
        assertTrue(path(first).getClass().isHidden());
        assertSame(PluginDataPath.class, path(DataPaths.shared()).getClass());
    }

    @Test
    void aFreshPathDoesWhatTheSharedOneDoes() {
        for (DataPaths maker : new DataPaths[] {DataPaths.shared(), DataPaths.fresh()}) {
            DataPath path = path(maker);
            PacketBurst burst = new PacketBurst(4);
            int handle = pool.take(PacketPool.STACK);
            burst.add(pool.address(handle), handle, 60, PacketFlags.WHOLE);
            assertEquals(1, path.transmit(burst, 0, 1, DataPath.tag(3)));
            assertEquals(1, path.inFlight());
            PacketBurst done = new PacketBurst(4);
            assertEquals(1, path.reclaim(done, 4));
            assertEquals(handle, done.handle(0));
            assertEquals(3, DataPath.lane((int) done.offload(0)));
            assertEquals(60, path.sentBytes());
            assertTrue(pool.free(handle, PacketPool.STACK));
        }
    }

    @Test
    void codeThatNobodyRefersToIsUnloaded() throws InterruptedException {
        WeakReference<Class<?>> code = new WeakReference<>(path(DataPaths.fresh()).getClass());
        for (int i = 0; i < 50 && code.get() != null; i++) {
            System.gc();
            // Not simulated time: the collector of the real JVM is what is looked at.
            Thread.sleep(20);
        }
        assertNull(code.get());
    }
}
