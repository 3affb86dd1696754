package dev.npa.sim.time;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The real clock, and a daemon thread a group, named {@code npa-} and the group. Components run from the moment they
 * are added until they are removed or the scheduler is closed; a group's thread ends with its last component.
 *
 * <p>A thread whose components are idle spins for some rounds, yields for some, then sleeps for growing times of up to
 * 200 us, bounded by the next event; a {@link Wakeable} component wakes it.
 */
public final class ThreadedScheduler implements Scheduler {

    private static final long FIRST_REST_NANOS = 20_000;
    private static final long LONGEST_REST_NANOS = 200_000;
    private static final long POLL_NANOS = 200_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** Held for a control action; fair, so that no controller starves. Never taken inside the monitor. */
    private final ReentrantLock controlLock = new ReentrantLock(true);
    private final RealClock clock;
    private final long firstRestNanos;
    private final long longestRestNanos;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private volatile boolean gateClosed;
    private volatile SimulationFailure failure;
    private volatile boolean closed;
    private volatile String verdict = "";

    public ThreadedScheduler(RealClock clock) {
        this(clock, FIRST_REST_NANOS, LONGEST_REST_NANOS);
    }

    /** A group that is idle sleeps for the first rest, then for twice as long each time up to the longest. */
    ThreadedScheduler(RealClock clock, long firstRestNanos, long longestRestNanos) {
        this.clock = clock;
        this.firstRestNanos = firstRestNanos;
        this.longestRestNanos = longestRestNanos;
    }

    long firstRestNanos() {
        return firstRestNanos;
    }

    long longestRestNanos() {
        return longestRestNanos;
    }

    @Override
    public RealClock clock() {
        return clock;
    }

    boolean isGateClosed() {
        return gateClosed;
    }

    @Override
    public synchronized void add(String group, Component component) {
        if (closed) {
            throw new IllegalStateException("component " + component.name() + ": the scheduler is closed");
        }
        workers.removeIf(w -> w.entries().length == 0 && !w.isAlive());
        Worker mine = null;
        for (Worker w : workers) {
            if (indexOf(w.entries(), component) >= 0) {
                throw new IllegalStateException("component " + component.name() + " was added already");
            }
            if (w.group().equals(group) && w.entries().length > 0) {
                mine = w;
            }
        }
        Worker.Entry entry = new Worker.Entry(component);
        if (mine == null) {
            mine = new Worker(this, group, entry);
            hook(component, mine);
            workers.add(mine);
            mine.start();
        } else {
            hook(component, mine);
            Worker.Entry[] more = Arrays.copyOf(mine.entries(), mine.entries().length + 1);
            more[more.length - 1] = entry;
            mine.entries(more);
        }
    }

    private static void hook(Component component, Worker worker) {
        if (component instanceof Wakeable w) {
            w.wakeHook(worker::wake);
        }
    }

    @Override
    public void remove(Component component) {
        Worker worker = workerOf(component);
        if (worker == null) {
            return;
        }
        if (Thread.currentThread() == worker) {
            detach(component);
        } else {
            control(() -> detach(component));
        }
    }

    private synchronized void detach(Component component) {
        Worker worker = workerOf(component);
        if (worker == null) {
            return;
        }
        Worker.Entry[] old = worker.entries();
        int at = indexOf(old, component);
        Worker.Entry[] less = new Worker.Entry[old.length - 1];
        System.arraycopy(old, 0, less, 0, at);
        System.arraycopy(old, at + 1, less, at, less.length - at);
        old[at].remove();
        worker.entries(less);
        if (component instanceof Wakeable w) {
            w.wakeHook(null);
        }
    }

    private Worker workerOf(Component component) {
        for (Worker w : workers) {
            if (indexOf(w.entries(), component) >= 0) {
                return w;
            }
        }
        return null;
    }

    private static int indexOf(Worker.Entry[] entries, Component component) {
        for (int i = 0; i < entries.length; i++) {
            if (entries[i].component() == component) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, long limitNanos) {
        if (currentWorker() != null || controlLock.isHeldByCurrentThread()) {
            throw new IllegalStateException("runUntil was called from inside a component or a control action");
        }
        long start = clock.nanos();
        verdict = "";
        while (true) {
            if (failure != null) {
                throw failure;
            }
            if (condition.getAsBoolean()) {
                return true;
            }
            if (closed) {
                verdict = "the scheduler is closed";
                return false;
            }
            if (clock.nanos() - start >= limitNanos) {
                verdict = "the limit of " + limitNanos + " ns passed at " + clock.nanos() + " ns";
                return false;
            }
            if (Thread.currentThread().isInterrupted()) {
                verdict = "the waiting thread was interrupted at " + clock.nanos() + " ns";
                return false;
            }
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }

    @Override
    public String verdict() {
        return verdict;
    }

    void failed(Component component, Throwable cause) {
        synchronized (this) {
            if (failure == null) {
                failure = new SimulationFailure(component.name(), clock.nanos(), cause);
            }
        }
        gateClosed = true;
    }

    private Worker currentWorker() {
        return Thread.currentThread() instanceof Worker w && w.scheduler() == this ? w : null;
    }

    @Override
    public void control(Runnable action) {
        if (controlLock.isHeldByCurrentThread()) {
            action.run();
            return;
        }
        Worker self = currentWorker();
        if (self != null) {
            // While this thread waits for its turn, others' actions may run.
            self.stand();
        }
        controlLock.lock();
        try {
            gateClosed = true;
            awaitWorkers();
            action.run();
        } finally {
            // After a failure the gate stays closed: the simulation has stopped.
            gateClosed = failure != null;
            for (Worker w : workers) {
                if (w.isStanding()) {
                    LockSupport.unpark(w);
                }
            }
            controlLock.unlock();
        }
        if (self != null) {
            self.enter();
        }
    }

    private void awaitWorkers() {
        long start = System.nanoTime();
        for (Worker w : workers) {
            for (int tries = 0; w.mayBeRunning(); tries++) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IllegalStateException("control action not run: thread " + w.whereabouts()
                            + " did not come to the end of its step within 60 s");
                }
                if (tries < 100) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(20_000);
                }
            }
        }
    }

    @Override
    public void close() {
        if (currentWorker() != null) {
            throw new IllegalStateException("a component cannot close its scheduler");
        }
        synchronized (this) {
            closed = true;
            for (Worker w : workers) {
                w.entries(new Worker.Entry[0]);
            }
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (Worker w : workers) {
            while (w.isAlive()) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("thread " + w.whereabouts() + " did not end within 60 s");
                }
                try {
                    w.join(1000);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        workers.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
