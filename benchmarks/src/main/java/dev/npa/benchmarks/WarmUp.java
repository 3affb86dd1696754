package dev.npa.benchmarks;

import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Runs a benchmark's calls before JMH does. JMH warms up by elapsed time, of which a busy machine gives the compiler
 * and the measuring thread too little; a number of packets is the same everywhere.
 */
final class WarmUp {

    private static final int PACKETS = 4_000_000;

    private WarmUp() {}

    /** Makes calls of {@link PacketCost#PACKETS} packets each. */
    static void run(Runnable call) {
        for (int done = 0; done < PACKETS; done += PacketCost.PACKETS) {
            call.run();
        }
    }

    /** Name of the benchmark's method. */
    static String method(BenchmarkParams params) {
        String name = params.getBenchmark();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
