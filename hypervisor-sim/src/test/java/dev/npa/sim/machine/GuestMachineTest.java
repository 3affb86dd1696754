package dev.npa.sim.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.AccessFault;
import dev.npa.hw.Machine;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.time.Component;
import dev.npa.sim.time.RealClock;
import dev.npa.sim.time.SeededScheduler;
import dev.npa.sim.time.ThreadedScheduler;
import dev.npa.sim.time.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GuestMachineTest {

    private final VirtualClock clock = new VirtualClock();
    private final SeededScheduler scheduler = new SeededScheduler(1, clock);
    private final GuestMachine machine = new GuestMachine("vm1", PhysicalMemory.allocate(0, 4096), clock, 2);
    private final FakeFunction device = new FakeFunction();

    private void schedule() {
        scheduler.add("vm1", machine.vcpu(0));
        scheduler.add("vm1", machine.vcpu(1));
    }

    @Test
    void pluggedFunctionReachesTheDevice() {
        machine.plug(Machine.SLOT_FIRST_VF, device);
        PciFunction f = machine.pci(Machine.SLOT_FIRST_VF).orElseThrow();
        assertEquals(device.identity(), f.identity());
        f.writeConfig(4, 4, 0x11223344);
        assertEquals(0x11223344, device.config[1]);
        assertEquals(0x22, f.readConfig(6, 1));
        RegisterWindow bar = f.bar(0);
        assertSame(bar, f.bar(0));
        assertEquals(256, bar.length());
        bar.write32(16, 99);
        assertEquals(99, device.registers[4]);
        device.registers[5] = 77;
        assertEquals(77, bar.read32(20));
        assertThrows(AccessFault.class, () -> f.bar(1));
    }

    @Test
    void unpluggedFunctionAnswersAllOnesAndDropsWrites() {
        machine.plug(8, device);
        PciFunction f = machine.pci(8).orElseThrow();
        RegisterWindow bar = f.bar(0);
        machine.unplug(8);
        assertTrue(machine.pci(8).isEmpty());
        assertEquals(0xFF, f.readConfig(0, 1));
        assertEquals(0xFFFF, f.readConfig(0, 2));
        assertEquals(-1, f.readConfig(0, 4));
        assertEquals(-1, bar.read32(0));
        bar.write32(16, 99);
        f.writeConfig(4, 4, 99);
        assertEquals(0, device.registers[4]);
        assertEquals(0, device.config[1]);
        assertEquals(256, bar.length());
        assertEquals(-1, f.bar(2).read32(0), "a window asked for afterwards");
        assertEquals("8086:10ed", f.identity().toString());
    }

    @Test
    void replacedDeviceIsNotReachedThroughTheOldFunction() {
        machine.plug(8, device);
        RegisterWindow old = machine.pci(8).orElseThrow().bar(0);
        machine.unplug(8);
        FakeFunction other = new FakeFunction();
        machine.plug(8, other);
        old.write32(0, 5);
        assertEquals(0, other.registers[0]);
        machine.pci(8).orElseThrow().bar(0).write32(0, 6);
        assertEquals(6, other.registers[0]);
        assertEquals(0, device.registers[0]);
    }

    @Test
    void takenAndForeignSlotsAreRefusedInWords() {
        machine.plug(3, device);
        assertEquals("machine vm1: PCI slot 3 is taken by 8086:10ed",
                assertThrows(IllegalStateException.class, () -> machine.plug(3, device)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> machine.plug(Machine.SLOTS, device));
        assertThrows(IllegalArgumentException.class, () -> machine.pci(-1));
        machine.unplug(4);
        assertEquals(Optional.empty(), machine.pci(4));
    }

    @Test
    void idleGuestIsRunByTheTickOnly() {
        List<Long> runs = new ArrayList<>();
        machine.execute(0, budget -> {
            runs.add(clock.nanos());
            return 0;
        });
        schedule();
        scheduler.runUntil(() -> false, 1_000_000);
        assertEquals(List.of(0L, 100_000L, 200_000L, 300_000L, 400_000L, 500_000L, 600_000L, 700_000L, 800_000L,
                900_000L), runs);
    }

    @Test
    void interruptRunsTheGuestBeforeItsTick() {
        List<Integer> taken = new ArrayList<>();
        machine.execute(0, budget -> {
            int vector = machine.interrupts().take();
            if (vector >= 0) {
                taken.add(vector);
            }
            return vector >= 0 ? 1 : 0;
        });
        schedule();
        scheduler.runUntil(() -> false, 10_000);
        machine.interrupts().raise(40);
        machine.interrupts().raise(33);
        assertTrue(scheduler.runUntil(() -> taken.size() == 2, 50_000));
        assertEquals(List.of(33, 40), taken);
        assertTrue(clock.nanos() < 100_000);
    }

    @Test
    void pendingWorkIsAnEventOfNowAndIdlenessOneOfTheNextTick() {
        Component cpu = machine.vcpu(0);
        assertEquals(Component.NEVER, cpu.nextEvent(), "a CPU without code");
        machine.execute(0, budget -> 0);
        assertEquals(0, cpu.nextEvent(), "new code");
        clock.stall(5_000);
        cpu.run(1);
        assertEquals(105_000, cpu.nextEvent());
        machine.interrupts().raise(40);
        assertEquals(0, cpu.nextEvent(), "an interrupt that nobody has seen");
        cpu.run(1);
        assertEquals(105_000, cpu.nextEvent());
    }

    @Test
    void guestThatDidWorkRunsAgainAtOnce() {
        int[] left = {10};
        machine.execute(1, budget -> left[0] > 0 ? left[0]-- : 0);
        schedule();
        assertTrue(scheduler.runUntil(() -> left[0] == 0, 90_000));
    }

    @Test
    void guestThatIgnoresAnInterruptDoesNotHoldTimeUp() {
        int[] runs = {0};
        machine.execute(0, budget -> {
            runs[0]++;
            return 0;
        });
        schedule();
        machine.interrupts().raise(50);
        scheduler.runUntil(() -> false, 10_000_000);
        assertTrue(runs[0] <= 101, "ran " + runs[0] + " times in 100 ticks");
        assertTrue(machine.interrupts().isPending());
    }

    @Test
    void crashHaltsTheGuestAndTheHostGoesOn() {
        IllegalStateException cause = new IllegalStateException("panic");
        machine.execute(0, budget -> {
            throw cause;
        });
        int[] other = {0};
        machine.execute(1, budget -> other[0]++ < 0 ? 1 : 0);
        schedule();
        int[] host = {0};
        scheduler.add("host", new Component() {
            @Override
            public String name() {
                return "host";
            }

            @Override
            public int run(int budget) {
                return host[0]++ < 100 ? 1 : 0;
            }

            @Override
            public long nextEvent() {
                return NEVER;
            }
        });
        assertFalse(scheduler.runUntil(() -> false, 10_000_000));
        assertTrue(host[0] > 100);
        assertTrue(machine.isHalted());
        GuestMachine.Crash crash = machine.crash().orElseThrow();
        assertSame(cause, crash.cause());
        assertEquals(0, crash.vcpu());
        assertTrue(crash.toString().contains("panic"), crash.toString());
        assertTrue(other[0] <= 1, "the other CPU stopped as well");
        assertTrue(scheduler.verdict().startsWith("nothing can happen"), "a halted machine has no ticks");
    }

    @Test
    void haltedMachineRunsNothing() {
        int[] runs = {0};
        machine.execute(0, budget -> runs[0]++);
        schedule();
        machine.halt();
        scheduler.runUntil(() -> false, 1_000_000);
        assertEquals(0, runs[0]);
        assertThrows(IllegalStateException.class, () -> machine.execute(0, budget -> 0));
        machine.execute(0, null);
        assertTrue(machine.crash().isEmpty());
    }

    @Test
    void interruptWakesASleepingCpuThread() {
        try (ThreadedScheduler threads = new ThreadedScheduler(new RealClock())) {
            // The machine's clock stands still, so that no tick can stand in for the interrupt.
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger runs = new AtomicInteger();
            machine.execute(0, budget -> {
                runs.incrementAndGet();
                return machine.interrupts().take() >= 0 ? taken.incrementAndGet() : 0;
            });
            threads.add("vm1", machine.vcpu(0));
            for (int i = 1; i <= 50; i++) {
                int n = i;
                machine.interrupts().raise(32 + i);
                assertTrue(threads.runUntil(() -> taken.get() == n, 60_000_000_000L), "interrupt " + i);
            }
            assertTrue(runs.get() <= 101, "an idle CPU does not spin in guest code: " + runs.get());
        }
    }
}
