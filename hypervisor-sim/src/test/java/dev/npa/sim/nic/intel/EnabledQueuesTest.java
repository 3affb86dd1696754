package dev.npa.sim.nic.intel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The set of enabled queues against a sorted set. */
class EnabledQueuesTest {

    @Property(tries = 300)
    void agreesWithASortedSet(@ForAll @Size(max = 60) List<@IntRange(max = 127) Integer> toggled) {
        EnabledQueues queues = new EnabledQueues(128);
        TreeSet<Integer> oracle = new TreeSet<>();
        for (int q : toggled) {
            boolean on = oracle.add(q) || !oracle.remove(q);
            queues.set(q, on);
        }
        for (int from = 0; from <= 128; from++) {
            Integer next = oracle.ceiling(from);
            assertEquals(next == null ? 128 : next, queues.next(from), "from " + from + " in " + oracle);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 128})
    void aSetWithoutMembersHasNone(int count) {
        assertEquals(count, new EnabledQueues(count).next(0));
    }
}
