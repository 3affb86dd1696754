package dev.npa.plugin.vmxnet3;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.Shell;
import dev.npa.shell.ShellException;
import dev.npa.shell.ShellLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A shell with one machine's memory above 4 GiB, a bump allocator that keeps book, and a pool of receive buffers. */
final class FakeShell implements Shell, PacketBuffers, ShellLog, Clock {

    static final PciIdentity VMXNET3 = new PciIdentity(0x15AD, 0x07B0, 0x15AD, 0x07B0, 1);
    private static final long BASE = 0x1_2000_0000L;
    private static final int STRIDE = 2112;

    final PhysicalMemory memory = PhysicalMemory.allocate(BASE, 32L << 20);
    final Map<Long, DmaMemory> live = new HashMap<>();
    final List<String> log = new ArrayList<>();
    final FakeVmxnet3 device;
    PciIdentity identity = VMXNET3;
    int vectors = 3;
    int bufferSize = 2048;
    /** The allocation that fails, counted down; negative = none. */
    int failingAllocation = -1;
    /** Buffers that the pool may still give. */
    int allowance = Integer.MAX_VALUE;
    private long top = BASE;
    private final long pool;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final BitSet out = new BitSet();

    FakeShell() {
        device = new FakeVmxnet3(memory);
        pool = BASE + (16L << 20);
        for (int i = 0; i < 7000; i++) {
            free.add(i);
        }
    }

    /** Address of a buffer of the pool, also for transmit in tests. */
    long bufferAddress(int handle) {
        return pool + (long) handle * STRIDE;
    }

    /** Buffers that the plugin holds. */
    int held() {
        return out.cardinality();
    }

    /** Takes back the buffers of a received burst. */
    void recycle(PacketBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            give(burst.handle(i));
        }
    }

    @Override
    public DmaMemory memory() {
        return memory.window(memory.base(), (int) memory.size());
    }

    @Override
    public int bufferSize() {
        return bufferSize;
    }

    @Override
    public int take(long[] addresses, int[] handles, int from, int count) {
        Objects.checkFromIndexSize(from, count, Math.min(addresses.length, handles.length));
        int n = 0;
        while (n < count && allowance > 0 && !free.isEmpty()) {
            int handle = free.remove();
            out.set(handle);
            addresses[from + n] = bufferAddress(handle);
            handles[from + n] = handle;
            allowance--;
            n++;
        }
        return n;
    }

    @Override
    public void give(int[] handles, int from, int count) {
        for (int i = from; i < from + count; i++) {
            give(handles[i]);
        }
    }

    private void give(int handle) {
        if (!out.get(handle)) {
            throw new AssertionError("buffer " + handle + " given back twice");
        }
        out.clear(handle);
        free.add(handle);
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        if (failingAllocation-- == 0) {
            throw new ShellException("no memory for " + bytes + " bytes");
        }
        top = (top + alignment - 1) / alignment * alignment;
        DmaMemory window = memory.window(top, bytes);
        live.put(top, window);
        top += bytes;
        if (top > pool) {
            throw new AssertionError("test memory exhausted");
        }
        window.clear();
        return window;
    }

    @Override
    public void free(DmaMemory window) {
        if (live.remove(window.address()) != window) {
            throw new ShellException("not allocated: 0x" + Long.toHexString(window.address()));
        }
        window.revoke();
    }

    @Override
    public PciIdentity device() {
        return identity;
    }

    @Override
    public RegisterWindow registers(int bar) {
        return bar == 0 ? device.bar0 : device.bar1;
    }

    @Override
    public int vectors() {
        return vectors;
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

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public void stall(long nanos) {
        throw new AssertionError("vmxnet3 commands are synchronous; nothing to wait for");
    }
}
