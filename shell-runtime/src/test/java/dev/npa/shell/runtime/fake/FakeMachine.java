package dev.npa.shell.runtime.fake;

import dev.npa.hw.Clock;
import dev.npa.hw.InterruptController;
import dev.npa.hw.Machine;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.Steppable;
import java.util.BitSet;
import java.util.Optional;

/** A machine whose memory begins at 4 GiB and whose clock the test moves. */
public final class FakeMachine implements Machine, InterruptController, Clock {

    public static final long BASE = 1L << 32;

    private final PhysicalMemory memory;
    private final PciFunction[] slots = new PciFunction[SLOTS];
    private final BitSet pending = new BitSet();
    public long nanos;
    public Steppable code;

    public FakeMachine(int mebibytes) {
        memory = PhysicalMemory.allocate(BASE, (long) mebibytes << 20);
    }

    public void plug(int slot, PciFunction function) {
        slots[slot] = function;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public InterruptController interrupts() {
        return this;
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public Optional<PciFunction> pci(int slot) {
        return Optional.ofNullable(slots[slot]);
    }

    @Override
    public int vcpus() {
        return 1;
    }

    @Override
    public void execute(int vcpu, Steppable steppable) {
        code = steppable;
    }

    @Override
    public void raise(int vector) {
        pending.set(vector);
    }

    @Override
    public boolean isPending() {
        return !pending.isEmpty();
    }

    @Override
    public int take() {
        int vector = pending.nextSetBit(0);
        if (vector >= 0) {
            pending.clear(vector);
        }
        return vector;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void stall(long duration) {
        nanos += duration;
    }
}
