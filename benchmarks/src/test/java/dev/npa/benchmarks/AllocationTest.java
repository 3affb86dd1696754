package dev.npa.benchmarks;

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

    /** One of the things that are measured. */
    private interface Round {
        void run(Rounds rounds, int burst);
    }

    static Stream<Arguments> everyPath() {
        return Bench.PLUGINS.stream().flatMap(p -> Stream.of(
                Arguments.of(p, "tx", round(Rounds::tx)),
                Arguments.of(p, "rx", round(Rounds::rx)),
                Arguments.of(p, "forward", round(Rounds::forward))));
    }

    private static Round round(Round round) {
        return round;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyPath")
    void aPacketAllocatesNothing(String plugin, String path, Round round) {
        Rounds rounds = new Rounds(new Bench(plugin));
        run(rounds, round, WARM_UP);
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            // The least of several windows: a class that is loaded late is none of the packets' doing.
            long before = threads.getCurrentThreadAllocatedBytes();
            run(rounds, round, PACKETS);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least <= MOST, plugin + " " + path + ": " + PACKETS + " packets allocated " + least + " bytes");
    }

    private static void run(Rounds rounds, Round round, int packets) {
        for (int done = 0; done < packets; done += BURST) {
            round.run(rounds, BURST);
        }
    }
}
