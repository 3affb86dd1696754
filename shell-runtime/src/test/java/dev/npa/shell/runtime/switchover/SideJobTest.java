package dev.npa.shell.runtime.switchover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.hw.InterruptController;
import dev.npa.hw.Machine;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.Steppable;
import dev.npa.shell.runtime.control.Refusal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SideJobTest {

    private int steps;

    /** A machine that keeps what its second CPU is to execute. */
    private static final class TwoCpus implements Machine {
        private final int cpus;
        private Steppable second;

        TwoCpus(int cpus) {
            this.cpus = cpus;
        }

        @Override
        public String name() {
            return "two";
        }

        @Override
        public PhysicalMemory memory() {
            throw new AssertionError();
        }

        @Override
        public InterruptController interrupts() {
            throw new AssertionError();
        }

        @Override
        public Clock clock() {
            throw new AssertionError();
        }

        @Override
        public Optional<PciFunction> pci(int slot) {
            return Optional.empty();
        }

        @Override
        public int vcpus() {
            return cpus;
        }

        @Override
        public void execute(int vcpu, Steppable code) {
            assertEquals(1, vcpu);
            second = code;
        }
    }

    private boolean threeSteps() {
        return ++steps == 3;
    }

    @Test
    void workIsDoneByTheSecondCpuAndWhoAsksWaitsForNothing() throws Refusal {
        TwoCpus machine = new TwoCpus(2);
        SideJob job = SideJob.start(machine, this::threeSteps);
        assertSame(job, machine.second);
        assertFalse(job.isOver());
        assertEquals(0, steps, "asking does no work");
        assertEquals(1, job.run(64));
        assertEquals(1, job.run(64));
        assertFalse(job.isOver());
        assertEquals(1, job.run(64));
        assertEquals(0, job.run(64), "there is no more");
        assertTrue(job.isOver());
        assertNull(machine.second, "the CPU has nothing to do any more");
    }

    @Test
    void onAMachineWithOneCpuWhoAsksDoesTheWork() throws Refusal {
        SideJob job = SideJob.start(new TwoCpus(1), this::threeSteps);
        assertFalse(job.isOver());
        assertFalse(job.isOver());
        assertTrue(job.isOver());
        assertEquals(3, steps);
    }

    @Test
    void whatTheWorkThrewReachesWhoAsksAndNotTheCpu() {
        TwoCpus machine = new TwoCpus(2);
        Refusal refusal = new Refusal(Refusal.DEVICE, "no");
        SideJob refusing = SideJob.start(machine, () -> {
            throw refusal;
        });
        refusing.run(1);
        assertSame(refusal, assertThrows(Refusal.class, refusing::isOver));
        SideJob failing = SideJob.start(machine, () -> {
            throw new IllegalStateException("broken");
        });
        failing.run(1);
        assertEquals("broken", assertThrows(IllegalStateException.class, failing::isOver).getMessage());
        assertNull(machine.second);
    }

    @Test
    void aCancelledJobDoesNothingMore() {
        TwoCpus machine = new TwoCpus(2);
        SideJob job = SideJob.start(machine, this::threeSteps);
        job.run(1);
        job.cancel();
        assertNull(machine.second);
        assertEquals(0, job.run(1));
        assertEquals(1, steps);
    }
}
