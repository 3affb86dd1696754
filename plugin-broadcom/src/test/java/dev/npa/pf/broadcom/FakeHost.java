package dev.npa.pf.broadcom;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.pf.PfHost;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.ShellException;
import dev.npa.shell.ShellLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Memory, buffers, virtual time and a log for a PF driver. Keeps account of everything that is handed out. */
final class FakeHost implements PfHost, PacketBuffers, Clock, ShellLog {

    static final long BASE = 0x1_0000_0000L;
    /** Memory that the driver gets nothing of: the guests'. */
    static final long GUEST = BASE + (12 << 20);
    private static final long BUFFERS = BASE + (6 << 20);
    private static final int COUNT = 2048;

    final PhysicalMemory memory = PhysicalMemory.allocate(BASE, 16 << 20);
    final List<DmaMemory> windows = new ArrayList<>();
    final Set<Integer> taken = new HashSet<>();
    final List<String> log = new ArrayList<>();
    private final PciFunction function;
    private int allocations = Integer.MAX_VALUE;
    private long next = BASE;
    private long now;

    FakeHost(PciFunction function) {
        this.function = function;
    }

    void allowAllocations(int count) {
        allocations = count;
    }

    @Override
    public PciFunction function() {
        return function;
    }

    @Override
    public int vectors() {
        return 17;
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        if (allocations-- <= 0) {
            throw new ShellException("no memory");
        }
        next = (next + alignment - 1) & -alignment;
        memory.fill(next, bytes, (byte) 0);
        DmaMemory window = memory.window(next, bytes);
        next += bytes;
        if (next > BUFFERS) {
            throw new ShellException("no memory left");
        }
        windows.add(window);
        return window;
    }

    @Override
    public void free(DmaMemory window) {
        if (!windows.remove(window)) {
            throw new ShellException("not yours");
        }
        window.revoke();
        if (windows.isEmpty()) {
            next = BASE;
        }
    }

    @Override
    public PacketBuffers buffers() {
        return this;
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public ShellLog log() {
        return this;
    }

    @Override
    public int bufferSize() {
        return 2048;
    }

    @Override
    public DmaMemory memory() {
        return memory.window(BASE, 16 << 20);
    }

    @Override
    public int take(long[] addresses, int[] handles, int from, int count) {
        int given = 0;
        for (int handle = 0; handle < COUNT && given < count; handle++) {
            if (taken.add(handle)) {
                addresses[from + given] = BUFFERS + 2048L * handle;
                handles[from + given] = handle;
                given++;
            }
        }
        return given;
    }

    @Override
    public void give(int[] handles, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!taken.remove(handles[i])) {
                throw new IllegalStateException("buffer " + handles[i] + " was not out");
            }
        }
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void stall(long nanos) {
        now += nanos;
    }

    @Override
    public void info(String message) {
        log.add(message);
    }

    @Override
    public void warn(String message) {
        log.add(message);
    }

    @Override
    public void error(String message, Throwable cause) {
        log.add(message);
    }
}
