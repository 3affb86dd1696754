package dev.npa.sim.machine;

import dev.npa.hw.Clock;
import dev.npa.hw.Machine;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.Steppable;
import dev.npa.sim.time.Component;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The machine that a guest runs on: memory, a PCI bus of {@link Machine#SLOTS} slots with hot-plug, an interrupt
 * controller and virtual CPUs. The hypervisor plugs devices and gives {@link #vcpu} to the scheduler.
 *
 * <p>What guest code throws is a crash of the guest and ends there: the machine halts, the host goes on. Thread-safe.
 */
public final class GuestMachine implements Machine {

    /**
     * The end of a guest that failed.
     *
     * @param nanos machine time
     * @param vcpu the CPU whose code threw
     * @param cause what it threw
     */
    public record Crash(long nanos, int vcpu, Throwable cause) {
        /** One sentence for people. */
        @Override
        public String toString() {
            return "the guest crashed on vCPU " + vcpu + " at " + nanos + " ns: " + cause;
        }
    }

    private final String name;
    private final PhysicalMemory memory;
    private final Clock clock;
    private final LocalInterrupts interrupts = new LocalInterrupts(this::wakeAll);
    private final AtomicReferenceArray<PluggedFunction> slots = new AtomicReferenceArray<>(SLOTS);
    private final AtomicReference<Crash> crash = new AtomicReference<>();
    private final VirtualCpu[] cpus;
    private volatile boolean halted;

    /**
     * Makes a machine with an empty bus whose CPUs have no code.
     *
     * @param vcpus 1..64
     */
    public GuestMachine(String name, PhysicalMemory memory, Clock clock, int vcpus) {
        if (vcpus < 1 || vcpus > 64) {
            throw new IllegalArgumentException("machine " + name + ": " + vcpus + " virtual CPUs are not in 1..64");
        }
        this.name = name;
        this.memory = memory;
        this.clock = clock;
        this.cpus = new VirtualCpu[vcpus];
        for (int i = 0; i < vcpus; i++) {
            cpus[i] = new VirtualCpu(this, i);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public LocalInterrupts interrupts() {
        return interrupts;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Optional<PciFunction> pci(int slot) {
        return Optional.ofNullable(slots.get(checkSlot(slot)));
    }

    @Override
    public int vcpus() {
        return cpus.length;
    }

    @Override
    public void execute(int vcpu, Steppable code) {
        cpus[vcpu].code(code);
    }

    /**
     * Puts a function into a slot.
     *
     * @throws IllegalStateException if the slot is taken
     */
    public void plug(int slot, PciFunction function) {
        if (!slots.compareAndSet(checkSlot(slot), null, new PluggedFunction(function))) {
            throw new IllegalStateException("machine " + name + ": PCI slot " + slot + " is taken by "
                    + slots.get(slot).identity());
        }
    }

    /**
     * Pulls the function out of a slot: whatever the guest still holds of it answers all ones from now on and drops
     * writes. Does nothing if the slot is empty.
     */
    public void unplug(int slot) {
        PluggedFunction function = slots.getAndSet(checkSlot(slot), null);
        if (function != null) {
            function.unplug();
        }
    }

    private int checkSlot(int slot) {
        if (slot < 0 || slot >= SLOTS) {
            throw new IllegalArgumentException("machine " + name + ": PCI slot " + slot + " is not in 0.."
                    + (SLOTS - 1));
        }
        return slot;
    }

    /** What a scheduler steps on behalf of a virtual CPU, the same object each time. */
    public Component vcpu(int vcpu) {
        return cpus[vcpu];
    }

    /** Stops all CPUs for good; one that is in the middle of a step finishes it. Idempotent. */
    public void halt() {
        halted = true;
        wakeAll();
    }

    public boolean isHalted() {
        return halted;
    }

    /** How the guest crashed, if it did. */
    public Optional<Crash> crash() {
        return Optional.ofNullable(crash.get());
    }

    void crashed(int vcpu, Throwable cause) {
        crash.compareAndSet(null, new Crash(clock.nanos(), vcpu, cause));
        halt();
    }

    private void wakeAll() {
        for (VirtualCpu cpu : cpus) {
            cpu.wake();
        }
    }
}
