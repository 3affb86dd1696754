package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings of linked pages, 57712 §3. */
class PageChainTest {

    private final Guest guest = new Guest("pf", Lab.cold(1).nic.adapters().get(0).physicalFunction());

    private PageChain chain(int shift, int links, int pages) {
        int link = (4096 >> shift) - links << shift;
        long[] at = new long[pages];
        for (int i = 0; i < pages; i++) {
            at[i] = guest.allocate(8192);
        }
        for (int i = 0; i < pages; i++) {
            guest.memory.putLong(at[i] + link, at[(i + 1) % pages]);
        }
        PageChain c = new PageChain(shift, links);
        c.start(guest.function.dma(), at[0]);
        return c;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 64})
    void linksAreFollowedOnce(int pages) {
        PageChain c = chain(6, 1, pages);
        assertTrue(c.walk());
        assertEquals(64 * pages, c.entries());
        long first = c.address(0);
        guest.memory.putLong(first + 63 * 64, 0x123);
        assertTrue(c.walk(), "the chain is cached");
        assertEquals(first, c.address(64 * pages), "behind the last page comes the first");
    }

    @Test
    void aChainThatDoesNotCloseIsBroken() {
        PageChain c = chain(3, 2, 2);
        long second = guest.memory.getLong(Guest.BASE + 510 * 8);
        guest.memory.putLong(second + 510 * 8, second);
        assertFalse(c.walk());
        assertTrue(c.isBroken());
        PageChain three = chain(3, 2, 3);
        assertFalse(three.walk(), "everything is a power of two");
        PageChain crooked = new PageChain(3, 2);
        crooked.start(guest.function.dma(), Guest.BASE + 8);
        assertFalse(crooked.walk());
    }

    /** §3: 4078 buffers from empty are bd_prod 4092; 1020 SGEs are 1024; both must be seen as what they are. */
    @Test
    void elementsBelowAProducerAreCountedWithoutLinks() {
        PageChain bds = chain(3, 2, 8);
        bds.walk();
        assertTrue(bds.has(4092, 4078));
        assertFalse(bds.has(4092, 4079));
        PageChain sges = chain(3, 2, 2);
        sges.walk();
        assertTrue(sges.has(1024, 1020), "a full ring is not an empty one");
        assertFalse(sges.has(1024, 1021));
        PageChain cqes = chain(6, 1, 64);
        cqes.walk();
        assertTrue(cqes.has(4096, 4032));
        assertFalse(cqes.has(4096, 4033));
    }

    @Test
    void theConsumerStepsOverLinks() {
        PageChain c = chain(3, 2, 1);
        c.walk();
        c.consumer(509);
        assertEquals(509, c.take());
        assertEquals(510, c.consumer(), "it rests on the link");
        assertEquals(512, c.take());
        assertEquals(513, c.consumer());
    }

    @Test
    void maskedAndFreeRunningProducersMeanTheSameForManyLaps() {
        PageChain free = chain(3, 2, 2);
        PageChain masked = chain(3, 2, 2);
        free.walk();
        masked.walk();
        int producer = 0;
        int taken = 0;
        for (int step = 0; step < 20_000; step++) {
            int post = step * 7 % 61;
            int have = 0;
            for (int i = 0; i < post; i++) {
                producer = free.settle(producer) + 1 & 0xFFFF;
            }
            producer = free.settle(producer);
            while (free.has(producer, 1)) {
                assertTrue(masked.has(producer & 1023, 1));
                assertEquals(free.take(), masked.take());
                have++;
            }
            assertFalse(masked.has(producer & 1023, 1), "empty is empty in every lap");
            assertEquals(post, have);
            taken += have;
        }
        assertTrue(taken > 65536 * 4);
    }

    @Test
    void aProducerOutsideTheRingIsNoWork() {
        PageChain c = chain(4, 1, 1);
        c.walk();
        assertEquals(-1, c.available(400));
        assertFalse(c.has(400, 1));
    }
}
