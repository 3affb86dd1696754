package dev.npa.shell.runtime.core;

/** The last group frames of a path, oldest first: flow and hash of each. */
final class EchoMemory {

    /** Frames that are remembered: what may be under way on a flooding network whose hosts are slow. */
    static final int FRAMES = 4096;

    private final long[] hashes = new long[FRAMES];
    private final long[] flows = new long[FRAMES];
    private int count;
    private int oldest;

    void clear() {
        count = 0;
        oldest = 0;
    }

    /** Adds a frame; the oldest one goes if there is no room. */
    void add(long flow, long hash) {
        int slot = index(count);
        hashes[slot] = hash;
        flows[slot] = flow;
        if (count == FRAMES) {
            oldest = index(1);
        } else {
            count++;
        }
    }

    /**
     * Forgets a flow's frames up to this one, or all of them if this one is not there.
     *
     * @return whether it was there
     */
    boolean forget(long flow, long hash) {
        int at = 0;
        while (at < count && !(flows[index(at)] == flow && hashes[index(at)] == hash)) {
            at++;
        }
        int end = at < count ? at + 1 : count;
        boolean found = at < count;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int k = index(i);
            if (i >= end || flows[k] != flow) {
                hashes[index(kept)] = hashes[k];
                flows[index(kept)] = flows[k];
                kept++;
            }
        }
        count = kept;
        return found;
    }

    private int index(int ahead) {
        return (oldest + ahead) % FRAMES;
    }
}
