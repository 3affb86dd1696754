package dev.npa.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In the steady state nothing is allocated for a packet. */
class AllocationTest {

    private static final int BURST = 32;
    private static final int WARM_UP = 320_000;
    private static final int PACKETS = 1_024_000;
    private static final int WINDOWS = 3;
    /** Bytes for all packets of a window. One object a burst would be half a million. */
    private static final long MOST = 32;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A burst, there and back. */
    private interface Round {
        void run(int burst);
    }

    /** One of the things that are measured. */
    private interface Path {
        void run(Rounds rounds, int burst);
    }

    static Stream<Arguments> everyPath() {
        return Bench.PLUGINS.stream().flatMap(p -> Stream.of(
                Arguments.of(p, "tx", path(Rounds::tx)),
                Arguments.of(p, "rx", path(Rounds::rx)),
                Arguments.of(p, "forward", path(Rounds::forward))));
    }

    private static Path path(Path path) {
        return path;
    }

    static Stream<String> plugins() {
        return Bench.PLUGINS.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyPath")
    void aPacketAllocatesNothing(String plugin, String name, Path path) {
        Rounds rounds = new Rounds(new Bench(plugin));
        assertNothingIsAllocated(plugin + " " + name, burst -> path.run(rounds, burst));
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void aPacketWithRequestsAllocatesNothing(String plugin) {
        OffloadRounds rounds = new OffloadRounds(Bench.withEverything(plugin));
        assertNothingIsAllocated(plugin + " tx", rounds::tx);
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void aPacketWithResultsAllocatesNothing(String plugin) {
        OffloadRounds rounds = new OffloadRounds(Bench.withEverything(plugin));
        assertNothingIsAllocated(plugin + " rx", rounds::rx);
        assertEquals(plugin.equals(Bench.BROADCOM), rounds.merged() > 0, "the device that merges, and no other");
    }

    private void assertNothingIsAllocated(String what, Round round) {
        run(round, WARM_UP);
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            // The least of several windows: a class that is loaded late is none of the packets' doing.
            long before = threads.getCurrentThreadAllocatedBytes();
            run(round, PACKETS);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least <= MOST, what + ": " + PACKETS + " packets allocated " + least + " bytes");
    }

    private static void run(Round round, int packets) {
        for (int done = 0; done < packets; done += BURST) {
            round.run(BURST);
        }
    }
}
