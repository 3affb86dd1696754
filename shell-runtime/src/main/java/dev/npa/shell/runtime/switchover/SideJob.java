package dev.npa.shell.runtime.switchover;

import dev.npa.hw.Machine;
import dev.npa.hw.Steppable;
import dev.npa.shell.runtime.control.Refusal;

/**
 * Work that the data path need not wait for: done step by step on virtual CPU {@value #CPU}, or, on a machine that has no
 * such CPU, by whoever asks whether it is over. What it wrote may be read once it is over.
 */
final class SideJob implements Steppable {

    private static final int CPU = 1;

    /** A piece of work. */
    @FunctionalInterface
    interface Work {
        /**
         * Goes on for a while.
         *
         * @return whether it is over
         */
        boolean step() throws Refusal;
    }

    private final Machine machine;
    private final boolean alone;
    private final Work work;
    private boolean cancelled;
    private Throwable thrown;
    private volatile boolean over;

    private SideJob(Machine machine, Work work) {
        this.machine = machine;
        this.alone = machine.vcpus() <= CPU;
        this.work = work;
    }

    /** Starts a job; one at a time. */
    static SideJob start(Machine machine, Work work) {
        SideJob job = new SideJob(machine, work);
        if (!job.alone) {
            machine.execute(CPU, job);
        }
        return job;
    }

    @Override
    public synchronized int run(int budget) {
        if (cancelled || over) {
            return 0;
        }
        try {
            over = work.step();
        } catch (Throwable t) {
            thrown = t;
            over = true;
        }
        return 1;
    }

    /**
     * Whether the work is over. Throws what it threw.
     *
     * @throws Refusal if the work refused
     */
    boolean isOver() throws Refusal {
        if (alone) {
            run(1);
        }
        if (!over) {
            return false;
        }
        release();
        if (thrown instanceof Refusal refusal) {
            throw refusal;
        } else if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
        return true;
    }

    /** Ends the job after the step that is being done, if one is. */
    void cancel() {
        synchronized (this) {
            cancelled = true;
        }
        release();
    }

    private void release() {
        if (!alone) {
            machine.execute(CPU, null);
        }
    }
}
