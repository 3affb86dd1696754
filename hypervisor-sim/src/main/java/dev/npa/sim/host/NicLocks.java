package dev.npa.sim.host;

import dev.npa.sim.net.VirtualSwitch;
import java.util.List;
import java.util.function.Supplier;

/**
 * Takes the locks of several NICs of a host, in the order of {@link HostNic#index()}, so that no two threads that need
 * more than one wait for each other.
 */
final class NicLocks {

    private NicLocks() {}

    /**
     * Runs an action under the locks of NICs.
     *
     * @param wanted the NICs, in ascending order of index, without repetition. Asked before and again under the locks:
     *     when the answer has changed meanwhile, all are released and the new ones are taken
     */
    static <T> T hold(Supplier<List<HostNic>> wanted, Supplier<T> action) {
        Attempt<T> attempt = new Attempt<>(wanted, action);
        do {
            attempt.nics = wanted.get();
            attempt.descend(0);
        } while (!attempt.done);
        return attempt.value;
    }

    private static final class Attempt<T> {
        private final Supplier<List<HostNic>> wanted;
        private final Supplier<T> action;
        private List<HostNic> nics;
        private boolean done;
        private T value;

        Attempt(Supplier<List<HostNic>> wanted, Supplier<T> action) {
            this.wanted = wanted;
            this.action = action;
        }

        void descend(int depth) {
            if (depth < nics.size()) {
                VirtualSwitch network = nics.get(depth).network();
                network.entering();
                synchronized (network.lock()) {
                    network.entered();
                    descend(depth + 1);
                }
            } else if (wanted.get().equals(nics)) {
                value = action.get();
                done = true;
            }
        }
    }
}
