package dev.npa.hw;

/**
 * Something that makes progress when it is given time. Nothing that is simulated owns a thread; a scheduler calls.
 * One caller at a time.
 */
@FunctionalInterface
public interface Steppable {

    /**
     * Does at most {@code budget} units of work (frames, descriptors, events) and returns without waiting.
     *
     * @return units of work done; 0 means there was nothing to do
     */
    int run(int budget);
}
