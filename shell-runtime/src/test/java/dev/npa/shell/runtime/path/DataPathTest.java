package dev.npa.shell.runtime.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptVectors;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class DataPathTest {

    private static final int INSTANCE = 3;

    private final FakeMachine machine = new FakeMachine(4);
    private final PhysicalAllocator allocator = new PhysicalAllocator(machine.memory());
    private final PacketPool pool = new PacketPool(allocator, 256);
    private final PacketBurst done = new PacketBurst(160);
    private final Loop loop = new Loop();
    private final DataPath path = new DataPath(loop, loop, INSTANCE, pool, 256);
    private final PacketBurst burst = new PacketBurst(160);

    /** Queues that hand each transmitted packet back as received, and complete at once; allocate nothing. */
    private final class Loop implements TxQueue, RxQueue {
        private final int[] handle = new int[256];
        private final int[] length = new int[256];
        private int head;
        private int tail;
        private int completed;
        private int received;
        int take = Integer.MAX_VALUE;
        int flagsToReceive = PacketFlags.WHOLE;
        int flagsToComplete = PacketFlags.WHOLE;
        int extraCount;
        int extraLength;
        boolean throwing;
        boolean twice;

        @Override
        public int transmit(PacketBurst packets, int from, int to) {
            int i = from;
            while (i < to && i - from < take && tail - head < 256) {
                handle[tail & 255] = packets.handle(i);
                length[tail++ & 255] = packets.length(i++);
            }
            if (throwing) {
                throw new IllegalStateException("as the test wants");
            }
            return i;
        }

        @Override
        public int reclaim(PacketBurst done, int budget) {
            int n = 0;
            while (completed < tail && n < budget) {
                done.add(0, handle[completed++ & 255], 0, flagsToComplete);
                n++;
            }
            head = Math.min(completed, received);
            return n + extraCount;
        }

        @Override
        public int receive(PacketBurst into, int budget) {
            int n = 0;
            while (received < completed && n < budget) {
                int h = twice && n == 1 ? into.handle(0) : pool.take(PacketPool.rxOwner(INSTANCE));
                into.add(pool.address(h), h, length[received++ & 255] + extraLength, flagsToReceive);
                n++;
            }
            head = Math.min(completed, received);
            return n + extraCount;
        }

        @Override
        public int outstanding() {
            return tail - completed;
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }
    }

    private void fill(int packets) {
        burst.clear();
        for (int i = 0; i < packets; i++) {
            int h = pool.take(PacketPool.STACK);
            burst.add(pool.address(h), h, 60, PacketFlags.WHOLE);
        }
    }

    @Test
    void whatIsNotTakenStaysTheStacks() {
        fill(4);
        loop.take = 3;
        assertEquals(3, path.transmit(burst, 0, 4, 0));
        assertEquals(3, path.inFlight());
        assertEquals(3, pool.held(PacketPool.txOwner(INSTANCE)));
        assertEquals(1, pool.held(PacketPool.STACK));
        assertEquals(3, path.reclaim(done, 32));
        assertEquals(0, path.inFlight());
        assertEquals(180, path.sentBytes());
        assertEquals(4, pool.held(PacketPool.STACK), "completed buffers are the stack's again");
    }

    @Test
    void abortedCompletionsAreNotCountedAsSent() {
        fill(2);
        path.transmit(burst, 0, 2, 0);
        loop.flagsToComplete = PacketFlags.WHOLE | PacketFlags.ABORTED;
        path.reclaim(done, 32);
        assertEquals(0, path.sentBytes());
        assertEquals(2, path.aborted());
    }

    @Test
    void whatWasOfferedToACallThatThrowsIsLostAndReclaimable() {
        fill(4);
        loop.throwing = true;
        assertThrows(IllegalStateException.class, () -> path.transmit(burst, 0, 4, 0));
        assertEquals(4, pool.held(PacketPool.txOwner(INSTANCE)));
        assertEquals(4, path.abandon(done));
        assertEquals(4, done.size());
        assertEquals(PacketFlags.WHOLE | PacketFlags.ABORTED, done.flags(3));
        assertEquals(4, pool.held(PacketPool.STACK));
    }

    @Test
    void impossibleTransmitResultsAreMisbehaviour() {
        fill(2);
        burst.flags(0, PacketFlags.SOP);
        burst.flags(1, PacketFlags.EOP);
        loop.take = 1;
        String text = assertThrows(PluginMisbehaviour.class, () -> path.transmit(burst, 0, 2, 0)).getMessage();
        assertTrue(text.contains("no end of a packet"), text);
    }

    @Test
    void aBufferThatIsCompletedTwiceIsMisbehaviour() {
        fill(2);
        path.transmit(burst, 0, 2, 0);
        path.reclaim(done, 1);
        loop.completed = 0;
        assertThrows(PluginMisbehaviour.class, () -> path.reclaim(done, 32));
    }

    private void assertRefusesToReceive() {
        fill(1);
        path.transmit(burst, 0, 1, 0);
        path.reclaim(done, 32);
        burst.clear();
        assertThrows(PluginMisbehaviour.class, () -> path.receive(burst, 32));
        assertEquals(0, burst.size(), "nothing of it is used");
        assertEquals(1, pool.reclaim(PacketPool.rxOwner(INSTANCE)), "and the buffer is still the plugin's");
    }

    @Test
    void aPacketWithoutEndIsMisbehaviour() {
        loop.flagsToReceive = PacketFlags.SOP;
        assertRefusesToReceive();
    }

    @Test
    void aPacketWithoutStartIsMisbehaviour() {
        loop.flagsToReceive = PacketFlags.EOP;
        assertRefusesToReceive();
    }

    @Test
    void aPacketBeyondItsBufferIsMisbehaviour() {
        loop.extraLength = 2048 - 59;
        assertRefusesToReceive();
    }

    @Test
    void aBufferThatIsIndicatedTwiceLeavesTheWholeCallThePlugins() {
        fill(3);
        path.transmit(burst, 0, 3, 0);
        path.reclaim(done, 32);
        burst.clear();
        loop.twice = true;
        assertThrows(PluginMisbehaviour.class, () -> path.receive(burst, 32));
        assertEquals(0, burst.size());
        assertEquals(2, pool.reclaim(PacketPool.rxOwner(INSTANCE)), "two packets in one buffer, one in another");
    }

    @Test
    void whatWasSettledBeforeAMisbehaviourIsAbandonedWithTheRest() {
        fill(3);
        path.transmit(burst, 0, 3, 0);
        loop.handle[1] = loop.handle[0];
        assertThrows(PluginMisbehaviour.class, () -> path.reclaim(done, 32));
        done.clear();
        assertEquals(3, path.abandon(done));
        assertEquals(0, path.inFlight());
        assertEquals(3, pool.held(PacketPool.STACK));
    }

    @Test
    void aWrongCountIsMisbehaviour() {
        fill(1);
        path.transmit(burst, 0, 1, 0);
        path.reclaim(done, 32);
        loop.extraCount = 1;
        burst.clear();
        assertThrows(PluginMisbehaviour.class, () -> path.receive(burst, 32));
    }

}
