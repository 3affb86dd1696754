package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AbstractTxQueueTest {

    /** Packets that a queue of this test takes for odd, and for impossible. */
    private static final int ODD = PacketFlags.WHOLE | PacketFlags.TX_VLAN;
    private static final int WRONG = PacketFlags.WHOLE | PacketFlags.TX_TSO;

    /** A ring of one descriptor a packet; the device sends in order and says how many it has sent. */
    private static final class Queue extends AbstractTxQueue {
        private final int size;
        /** Addresses of posted packets, in order; positions are free-running. */
        final List<Long> posted = new ArrayList<>();
        final List<Integer> runEnds = new ArrayList<>();
        int published;
        int sent;
        private int clean;

        Queue(int size) {
            super(size);
            this.size = size;
        }

        private int post(PacketBurst burst, int at) {
            posted.add(burst.address(at));
            posted(1, burst.length(at));
            return at + 1;
        }

        private boolean isFull() {
            return posted.size() - clean == size;
        }

        @Override
        protected int postPlain(PacketBurst burst, int from, int to) {
            int at = from;
            while (at < to && burst.flags(at) == PacketFlags.WHOLE && !isFull()) {
                at = post(burst, at);
            }
            return at;
        }

        @Override
        protected int postAny(PacketBurst burst, int at, int to) {
            if (burst.flags(at) == WRONG) {
                refuse();
                return at + 1;
            }
            return isFull() ? at : post(burst, at);
        }

        @Override
        protected int endRun() {
            runEnds.add(posted.size());
            return posted.size();
        }

        @Override
        protected void publish() {
            published = posted.size();
        }

        @Override
        protected void report() {
            for (int mark = runs.mark(); mark != TxRuns.NONE && mark <= sent; mark = runs.mark()) {
                clean = mark;
                runs.report();
            }
        }
    }

    private final Queue queue = new Queue(100);
    private final PacketBurst burst = new PacketBurst(256);

    private void add(int count, int flags) {
        for (int i = 0; i < count; i++) {
            burst.add(burst.size(), 0, 100, flags);
        }
    }

    private int transmit() {
        int taken = queue.transmit(burst, 0, burst.size());
        burst.clear();
        return taken;
    }

    @Test
    void aLongBurstIsCutIntoRunsAndPublishedOnce() {
        queue.begin();
        add(70, PacketFlags.WHOLE);
        assertEquals(70, transmit());
        assertEquals(List.of(32, 64, 70), queue.runEnds);
        assertEquals(70, queue.published);
        assertEquals(70, queue.given());
        assertEquals(1, queue.counter(QueueCounter.DOORBELLS));
        queue.sent = 63;
        assertEquals(32, queue.reclaim(100), "the second run is not all sent");
        queue.sent = 70;
        assertEquals(38, queue.reclaim(100));
        assertEquals(70, queue.counter(QueueCounter.PACKETS));
        assertEquals(7000, queue.counter(QueueCounter.BYTES));
    }

    @Test
    void oddPacketsCountTowardsARunLikeOthers() {
        queue.begin();
        add(20, ODD);
        add(20, PacketFlags.WHOLE);
        assertEquals(40, transmit());
        assertEquals(List.of(32, 40), queue.runEnds);
    }

    @Test
    void refusedPacketsKeepTheirPlace() {
        queue.begin();
        add(2, PacketFlags.WHOLE);
        add(1, WRONG);
        add(1, PacketFlags.WHOLE);
        assertEquals(4, transmit());
        queue.sent = 3;
        assertEquals(2, queue.reclaim(10));
        assertEquals(-1, queue.reclaim(10));
        assertEquals(1, queue.reclaim(10));
        assertEquals(1, queue.counter(QueueCounter.REFUSED));
        assertEquals(0, queue.outstanding());
    }

    @Test
    void nothingPostedIsNothingPublished() {
        queue.begin();
        add(3, WRONG);
        assertEquals(3, transmit());
        assertEquals(0, queue.counter(QueueCounter.DOORBELLS));
        assertEquals(-3, queue.reclaim(10));
    }

    @Test
    void aQueueThatDoesNotAcceptTakesNothing() {
        add(1, PacketFlags.WHOLE);
        assertEquals(0, queue.transmit(burst, 0, 1));
        queue.begin();
        queue.refuseAll();
        assertEquals(0, queue.transmit(burst, 0, 1));
        assertTrue(queue.isLive(), "what it has may still be sent");
    }

    @Test
    void whatTheDeviceDidNotReportIsAbortedAtTheEnd() {
        queue.begin();
        add(40, PacketFlags.WHOLE);
        transmit();
        queue.sent = 35;
        queue.end();
        assertEquals(32, queue.reclaim(100));
        assertEquals(-8, queue.reclaim(100));
        queue.prepare();
        assertEquals(0, queue.given());
    }

    @Property(tries = 200)
    void nothingIsLostOrReordered(@ForAll long seed) {
        Random random = new Random(seed);
        Queue tested = new Queue(1 + random.nextInt(80));
        tested.begin();
        List<Boolean> expected = new ArrayList<>();
        List<Boolean> fates = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            burst.clear();
            for (int n = random.nextInt(60); n > 0; n--) {
                add(1, random.nextInt(6) == 0 ? WRONG : random.nextBoolean() ? ODD : PacketFlags.WHOLE);
            }
            int taken = tested.transmit(burst, 0, burst.size());
            for (int i = 0; i < taken; i++) {
                expected.add(burst.flags(i) != WRONG);
            }
            assertEquals(tested.posted.size(), tested.published, "everything is published");
            tested.sent += random.nextInt(tested.published - tested.sent + 1);
            collect(tested, 1 + random.nextInt(60), fates);
        }
        tested.sent = tested.published;
        collect(tested, Integer.MAX_VALUE, fates);
        assertEquals(expected, fates);
        assertEquals(0, tested.outstanding());
    }

    private static void collect(Queue from, int budget, List<Boolean> fates) {
        for (int n = from.reclaim(budget); n != 0; n = from.reclaim(budget)) {
            for (int i = Math.abs(n); i > 0; i--) {
                fates.add(n > 0);
            }
        }
    }
}
