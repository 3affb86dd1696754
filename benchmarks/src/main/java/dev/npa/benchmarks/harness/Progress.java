package dev.npa.benchmarks.harness;

/** Where a harness tells what it is at. */
@FunctionalInterface
public interface Progress {

    /** A line for people: what was measured just now. */
    void note(String text);
}
