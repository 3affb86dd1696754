package dev.npa.shell.runtime.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataPathTest {

    private static final int INSTANCE = 3;

    private final FakeMachine machine = new FakeMachine(4);
    private final PhysicalAllocator allocator = new PhysicalAllocator(machine.memory());
    private final PacketPool pool = new PacketPool(allocator, 256);
    private final PacketBurst done = new PacketBurst(160);
    private final Loop loop = new Loop();
    private final DataPath path = DataPaths.shared().make(loop, loop, INSTANCE, pool, 256);
    private final PacketBurst burst = new PacketBurst(160);

    /** Queues that hand each transmitted packet back as received, and complete at once; allocate nothing. */
    private final class Loop implements TxQueue, RxQueue {
        private final int[] length = new int[256];
        private int head;
        private int tail;
        private int completed;
        private int received;
        int take = Integer.MAX_VALUE;
        int flagsToReceive = PacketFlags.WHOLE;
        boolean refusing;
        int[] fates = {};
        int fate;
        boolean lying;
        int extraCount;
        int extraLength;
        boolean throwing;
        boolean twice;
        boolean clearing;

        @Override
        public int transmit(PacketBurst packets, int from, int to) {
            int i = from;
            while (i < to && i - from < take && tail - head < 256) {
                length[tail++ & 255] = packets.length(i++);
            }
            if (throwing) {
                throw new IllegalStateException("as the test wants");
            }
            return i;
        }

        @Override
        public int reclaim(int budget) {
            if (fates.length > 0) {
                return nextFate();
            }
            int n = Math.min(tail - completed, budget);
            completed += n;
            head = Math.min(completed, received);
            return refusing ? -n : n + extraCount;
        }

        /** What the test wants each call to answer. */
        private int nextFate() {
            if (fate == fates.length) {
                return 0;
            }
            completed += Math.abs(fates[fate]);
            return fates[fate++];
        }

        @Override
        public int receive(PacketBurst into, int budget) {
            if (clearing) {
                into.truncate(into.size() - 1);
                return extraCount;
            }
            int n = 0;
            while (received < completed && n < budget) {
                int h = twice && n == 1 ? into.handle(0) : pool.take(PacketPool.ownerOf(INSTANCE));
                into.add(pool.address(h), h, length[received++ & 255] + extraLength, flagsToReceive);
                n++;
            }
            head = Math.min(completed, received);
            return n + extraCount;
        }

        @Override
        public int outstanding() {
            return tail - completed + (lying ? 1 : 0);
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
        assertEquals(3, path.reclaim(done, 32));
        assertEquals(0, path.inFlight());
        assertEquals(180, path.sentBytes());
        assertEquals(3, done.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(burst.handle(i), done.handle(i), "in the order of transmission");
            assertEquals(PacketFlags.WHOLE, done.flags(i));
        }
    }

    @Test
    void abortedCompletionsAreNotCountedAsSent() {
        fill(2);
        path.transmit(burst, 0, 2, 0);
        loop.refusing = true;
        path.reclaim(done, 32);
        assertEquals(0, path.sentBytes());
        assertEquals(2, path.aborted());
    }

    @Test
    void whatWasOfferedToACallThatThrowsIsLostAndReclaimable() {
        fill(4);
        loop.throwing = true;
        assertThrows(IllegalStateException.class, () -> path.transmit(burst, 0, 4, 0));
        assertEquals(4, path.inFlight());
        assertEquals(4, path.abandon(done));
        assertEquals(4, done.size());
        assertEquals(PacketFlags.WHOLE | PacketFlags.ABORTED, done.flags(3));
        assertEquals(burst.handle(3), done.handle(3));
        assertEquals(0, path.inFlight());
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
    void moreCompletionsThanWereAskedForAreMisbehaviour() {
        fill(4);
        path.transmit(burst, 0, 4, 0);
        loop.extraCount = 1;
        assertThrows(PluginMisbehaviour.class, () -> path.reclaim(done, 2));
        assertEquals(4, path.inFlight(), "nothing of it is believed");
    }

    @Test
    void moreAbortedPacketsThanWereAskedForAreMisbehaviour() {
        fill(2);
        path.transmit(burst, 0, 2, 0);
        loop.extraCount = Integer.MIN_VALUE;
        loop.completed = loop.tail;
        assertThrows(PluginMisbehaviour.class, () -> path.reclaim(done, 2));
        loop.extraCount = -3;
        assertThrows(PluginMisbehaviour.class, () -> path.reclaim(done, 2));
    }

    @Test
    void aPacketThatIsReportedBeforeItIsDoneIsMisbehaviour() {
        fill(4);
        path.transmit(burst, 0, 4, 0);
        loop.lying = true;
        assertThrows(PluginMisbehaviour.class, () -> path.reclaim(done, 2), "its own count gives it away");
        assertEquals(4, path.inFlight());
    }

    @Test
    void runsOfBothFatesComeInOneCallAndInOrder() {
        fill(3);
        path.transmit(burst, 0, 3, 0);
        loop.fates = new int[] {1, -1, 1};
        assertEquals(3, path.reclaim(done, 32));
        assertEquals(PacketFlags.WHOLE, done.flags(0));
        assertEquals(PacketFlags.WHOLE | PacketFlags.ABORTED, done.flags(1));
        assertEquals(PacketFlags.WHOLE, done.flags(2));
        assertEquals(120, path.sentBytes());
        assertEquals(1, path.aborted());
    }

    @Test
    void packetsWhoseSegmentsDoNotFitStayInFlight() {
        fill(7);
        for (int i : new int[] {0, 2, 3, 5}) {
            burst.flags(i, burst.flags(i) & ~PacketFlags.EOP); // packets of 2, 3 and 2 segments
            burst.flags(i + 1, burst.flags(i + 1) & ~PacketFlags.SOP);
        }
        assertEquals(7, path.transmit(burst, 0, 7, 0));
        PacketBurst narrow = new PacketBurst(4);
        loop.tail = 3; // the test's plugin counts segments
        loop.fates = new int[] {1};
        assertEquals(1, path.reclaim(narrow, 32), "room for one and two thirds");
        assertEquals(List.of(PacketFlags.SOP, PacketFlags.EOP), List.of(narrow.flags(0), narrow.flags(1)));
        narrow.clear();
        assertEquals(1, path.abandon(narrow));
        assertEquals(3, narrow.size());
        assertEquals(burst.handle(2), narrow.handle(0));
        narrow.clear();
        assertEquals(1, path.abandon(narrow));
        assertEquals(0, path.abandon(narrow));
    }

    private void assertRefusesToReceive() {
        fill(1);
        path.transmit(burst, 0, 1, 0);
        path.reclaim(done, 32);
        burst.clear();
        assertThrows(PluginMisbehaviour.class, () -> path.receive(burst, 32));
        assertEquals(0, burst.size(), "nothing of it is used");
        assertEquals(1, pool.reclaim(PacketPool.ownerOf(INSTANCE)), "and the buffer is still the plugin's");
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
        assertEquals(2, pool.reclaim(PacketPool.ownerOf(INSTANCE)), "two packets in one buffer, one in another");
    }

    @Test
    void whatWasSettledBeforeAMisbehaviourIsAbandonedWithTheRest() {
        fill(3);
        path.transmit(burst, 0, 3, 0);
        loop.fates = new int[] {1, 3};
        assertThrows(PluginMisbehaviour.class, () -> path.reclaim(done, 32));
        done.clear();
        assertEquals(3, path.abandon(done));
        assertEquals(burst.handle(0), done.handle(0));
        assertEquals(0, path.inFlight());
    }

    @Test
    void whatWaitedInABurstThatReceiveEmptiesIsNotLost() {
        fill(2);
        loop.clearing = true;
        for (int answer : new int[] {0, -1, 1}) {
            loop.extraCount = answer;
            assertThrows(PluginMisbehaviour.class, () -> path.receive(burst, 32), "answer " + answer);
            assertEquals(2, burst.size());
        }
        assertEquals(2, pool.free(burst, 0, 2), "the stack's as before");
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
