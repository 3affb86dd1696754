package dev.npa.sim.machine;

import dev.npa.hw.Steppable;
import dev.npa.sim.time.Wakeable;

/**
 * One virtual CPU as a scheduler steps it. Its code runs when an interrupt was raised since it last ran, when it did
 * work last time, and every {@value #TICK_NANOS} ns at least, as a timer tick does; otherwise the CPU is halted.
 */
final class VirtualCpu implements Wakeable {

    /** Period of the timer tick. */
    static final long TICK_NANOS = 100_000;

    private final GuestMachine machine;
    private final int index;
    private volatile Steppable code;
    private volatile Runnable hook;
    /** Whether the code asked for more: written by {@link #code} on any thread, otherwise by the stepping thread. */
    private volatile boolean runnable;
    private long seenRaises;
    private long lastRun;

    VirtualCpu(GuestMachine machine, int index) {
        this.machine = machine;
        this.index = index;
    }

    void code(Steppable newCode) {
        if (newCode != null && machine.isHalted()) {
            throw new IllegalStateException("machine " + machine.name() + " is halted");
        }
        code = newCode;
        runnable = newCode != null;
        wake();
    }

    void wake() {
        Runnable h = hook;
        if (h != null) {
            h.run();
        }
    }

    @Override
    public void wakeHook(Runnable newHook) {
        hook = newHook;
    }

    @Override
    public String name() {
        return machine.name() + "/vcpu" + index;
    }

    @Override
    public int run(int budget) {
        if (code == null || machine.isHalted()) {
            return 0;
        }
        long now = machine.clock().nanos();
        // Before the code runs: a vector raised while it runs makes it run again.
        long raises = machine.interrupts().raised();
        if (!runnable && raises == seenRaises && now - lastRun < TICK_NANOS) {
            return 0;
        }
        seenRaises = raises;
        lastRun = now;
        runnable = false;
        // Read after the flag is cleared: code that another thread puts in from here on sets the flag again.
        Steppable guest = code;
        if (guest == null) {
            return 0;
        }
        try {
            int work = guest.run(budget);
            if (work > 0) {
                runnable = true;
            }
            return Math.max(work, 0);
        } catch (Throwable t) {
            machine.crashed(index, t);
            return 1;
        }
    }

    /** CPUs of a machine share its guest's locks. */
    @Override
    public Object stallDomain() {
        return machine;
    }

    @Override
    public long nextEvent() {
        if (code == null || machine.isHalted()) {
            return NEVER;
        }
        boolean now = runnable || machine.interrupts().raised() != seenRaises;
        return now ? 0 : lastRun + TICK_NANOS;
    }
}
