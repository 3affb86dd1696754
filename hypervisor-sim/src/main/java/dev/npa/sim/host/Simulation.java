package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.time.Component;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A set of hosts under one clock and scheduler. */
public interface Simulation extends AutoCloseable {

    /** Who drives the components. */
    enum Mode {
        /** One thread, virtual clock, order drawn from the seed: same seed, same history. */
        SEEDED,
        /** Real clock, threads. */
        THREADED,
        /** One thread; each group of components has a time of its own, which its steps' CPU time moves on. */
        MEASURED
    }

    /** Makes a host. Images are the jars in {@code imageDirectory}. */
    Host addHost(String name, Path imageDirectory);

    List<Host> hosts();

    Clock clock();

    Violations violations();

    /** Adds a component, such as a traffic source; {@code group} names the thread that runs it in threaded mode. */
    void addComponent(String group, Component component);

    void removeComponent(Component component);

    /**
     * Runs until the condition holds.
     *
     * @param condition checked between steps; must be cheap
     * @param limitNanos machine time to give up after, counted from now
     * @return whether the condition held
     */
    boolean runUntil(BooleanSupplier condition, long limitNanos);

    /** Runs an action on a control thread while components are not being changed; in seeded mode between two steps. */
    void control(Runnable action);

    /** Stops everything: powers off VMs, stops PF drivers and threads. */
    @Override
    void close();
}
