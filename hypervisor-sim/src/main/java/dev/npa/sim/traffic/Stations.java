package dev.npa.sim.traffic;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Ethernet addresses of all stations of a simulation's traffic: tells a neighbour's broadcast from a frame that
 * nobody sent. Read by any thread, extended under a lock.
 */
final class Stations {

    private final Map<Long, Integer> flows = new ConcurrentHashMap<>();
    private volatile long[] sorted = {};

    synchronized void add(long mac) {
        if (!contains(mac)) {
            long[] next = Arrays.copyOf(sorted, sorted.length + 1);
            next[sorted.length] = mac;
            Arrays.sort(next);
            sorted = next;
        }
    }

    boolean contains(long mac) {
        return Arrays.binarySearch(sorted, mac) >= 0;
    }

    /** A flow has this station as a sender. */
    void sends(long mac) {
        flows.merge(mac, 1, Integer::sum);
    }

    /** Whether several flows have this station as a sender. */
    boolean sendsSeveral(long mac) {
        return flows.getOrDefault(mac, 0) > 1;
    }
}
