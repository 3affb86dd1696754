package dev.npa.sim.scenario;

import dev.npa.hw.MacAddress;
import java.util.Arrays;
import java.util.function.LongPredicate;

/** The individual addresses behind a station port of a network. Extended under a lock, read by any thread. */
final class StationAddresses implements LongPredicate {

    private volatile long[] sorted = {};

    synchronized void add(MacAddress mac) {
        long[] next = Arrays.copyOf(sorted, sorted.length + 1);
        next[sorted.length] = mac.value();
        Arrays.sort(next);
        sorted = next;
    }

    @Override
    public boolean test(long mac) {
        return Arrays.binarySearch(sorted, mac) >= 0;
    }
}
