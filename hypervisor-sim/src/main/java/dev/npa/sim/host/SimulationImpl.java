package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.time.Component;
import dev.npa.sim.time.Scheduler;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Hosts under one scheduler. Thread-safe. */
final class SimulationImpl implements Simulation {

    private final Mode mode;
    private final Scheduler scheduler;
    private final SimulationParts parts;
    private final GuestSystem.Factory guests;
    private final Violations violations;
    private final CrossingTurn crossingTurn = new CrossingTurn();
    private final List<HostImpl> hosts = new CopyOnWriteArrayList<>();

    SimulationImpl(Mode mode, Scheduler scheduler, SimulationParts parts, GuestSystem.Factory guests) {
        this.guests = guests;
        this.mode = mode;
        this.scheduler = scheduler;
        this.parts = parts;
        this.violations = new Violations(scheduler.clock()::nanos);
    }

    Mode mode() {
        return mode;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    SimulationParts parts() {
        return parts;
    }

    /** What switchovers between NICs share. */
    CrossingTurn crossingTurn() {
        return crossingTurn;
    }

    GuestSystem.Factory guests() {
        return guests;
    }

    @Override
    public Host addHost(String name, Path imageDirectory) {
        for (HostImpl host : hosts) {
            if (host.name().equals(name)) {
                throw new IllegalArgumentException("there is a host " + name + " already; give each its own name");
            }
        }
        HostImpl host = new HostImpl(name, this, imageDirectory);
        hosts.add(host);
        return host;
    }

    @Override
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    @Override
    public Clock clock() {
        return scheduler.clock();
    }

    @Override
    public Violations violations() {
        return violations;
    }

    @Override
    public void addComponent(String group, Component component) {
        scheduler.add(group, component);
    }

    @Override
    public void removeComponent(Component component) {
        scheduler.remove(component);
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, long limitNanos) {
        return scheduler.runUntil(condition, limitNanos);
    }

    @Override
    public void control(Runnable action) {
        scheduler.control(action);
    }

    @Override
    public void close() {
        for (HostImpl host : hosts) {
            host.close();
        }
        hosts.clear();
        scheduler.close();
    }
}
