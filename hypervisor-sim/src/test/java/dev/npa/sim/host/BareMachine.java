package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.pf.PfHost;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.Shell;
import dev.npa.shell.ShellLog;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.LocalInterrupts;
import dev.npa.sim.net.HostBuffers;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that a plugin or a PF driver runs in: memory behind an IOMMU domain, in which only what is allocated is
 * mapped, a pool of buffers, programmed interrupts. One function, one caller.
 */
public final class BareMachine implements Shell, PfHost, ShellLog {

    private static final long RING_BYTES = 12L << 20;

    private final PciFunction function;
    private final Clock clock;
    private final HostMemory memory;
    private final HostBuffers pool;
    private final LocalInterrupts interrupts = new LocalInterrupts(() -> { });
    private final int vectors;
    private final List<String> log = new ArrayList<>();
    private final List<DmaMemory> windows = new ArrayList<>();

    /**
     * Makes a machine around a function and enables it.
     *
     * @param buffers receive buffers
     * @param scratch bytes that {@link #reserve} can give
     */
    public BareMachine(String name, PciFunction function, DmaPort dma, Clock clock, int buffers, int scratch) {
        this.function = function;
        this.clock = clock;
        long bytes = HostBuffers.bytes(buffers) + 4095 & ~4095L;
        memory = new HostMemory(name, bytes + RING_BYTES + scratch);
        pool = new HostBuffers(memory.memory(), memory.reserve(bytes), buffers);
        dma.attach(memory.domain(), interrupts);
        PciConfig.enable(function);
        vectors = PciConfig.programMsix(function);
    }

    /** Memory for packets. */
    public long reserve(int bytes) {
        return memory.reserve(bytes);
    }

    public PhysicalMemory memory() {
        return memory.memory();
    }

    public HostBuffers pool() {
        return pool;
    }

    /** Windows that are allocated now: rings and what else a plugin shares with its device. */
    public List<DmaMemory> windows() {
        return List.copyOf(windows);
    }

    /** Allocations that were not freed. */
    public int allocated() {
        return memory.allocated();
    }

    /** Vector of a pending interrupt, -1 if there is none. */
    public int takeInterrupt() {
        int taken = interrupts.take();
        return taken < 0 ? -1 : taken - PciConfig.FIRST_VECTOR;
    }

    /** Resets the function as a host does between two owners, and gives it its memory and interrupts again. */
    public void functionLevelReset() {
        PciConfig.functionLevelReset(function);
        PciConfig.enable(function);
        PciConfig.programMsix(function);
    }

    /** Warnings and errors. */
    public List<String> complaints() {
        return log;
    }

    @Override
    public PciIdentity device() {
        return function.identity();
    }

    @Override
    public RegisterWindow registers(int bar) {
        return function.bar(bar);
    }

    @Override
    public PciFunction function() {
        return function;
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        DmaMemory window = memory.allocate(bytes, alignment);
        windows.add(window);
        return window;
    }

    @Override
    public void free(DmaMemory window) {
        memory.free(window);
        windows.removeIf(w -> w == window);
    }

    @Override
    public PacketBuffers buffers() {
        return pool;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public ShellLog log() {
        return this;
    }

    @Override
    public void info(String message) {}

    @Override
    public void warn(String message) {
        log.add(message);
    }

    @Override
    public void error(String message, Throwable cause) {
        log.add(message + (cause == null ? "" : ": " + cause));
    }
}
