package dev.npa.plugin.intel.testing;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import dev.npa.shell.ShellException;
import dev.npa.shell.ShellLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Memory, buffers, virtual time and a shell around one device. Keeps account of everything that is handed out. */
public final class TestMachine implements Shell, PacketBuffers, Clock, ShellLog {

    public static final PciIdentity VF = new PciIdentity(0x8086, 0x10ED, 0, 0, 1);
    private static final long BASE = 0x1_0000_0000L;
    private static final int BUFFERS_AT = 4 << 20;
    private static final int STRIDE = 2112;

    public final PhysicalMemory memory = PhysicalMemory.allocate(BASE, 16 << 20);
    public final List<DmaMemory> windows = new ArrayList<>();
    public final Set<Integer> taken = new HashSet<>();
    public final List<String> log = new ArrayList<>();
    private final Deque<Integer> pool = new ArrayDeque<>();
    private final RegisterWindow device;
    private final PciIdentity identity;
    private long next = BASE;
    private long now;
    private int allocationsLeft = Integer.MAX_VALUE;

    public TestMachine(RegisterWindow device) {
        this(device, VF);
    }

    public TestMachine(RegisterWindow device, PciIdentity identity) {
        this.device = device;
        this.identity = identity;
        for (int i = 0; i < 2048; i++) {
            pool.add(i);
        }
    }

    /** Lets only so many further allocations succeed. */
    public void allowAllocations(int count) {
        allocationsLeft = count;
    }

    /** Lets only so many buffers remain in the pool. */
    public void leaveBuffers(int count) {
        while (pool.size() > count) {
            pool.removeLast();
        }
    }

    /** Puts a buffer back that was received. */
    public void recycle(int handle) {
        if (!taken.remove(handle)) {
            throw new IllegalStateException("buffer " + handle + " was not out");
        }
        pool.add(handle);
    }

    public static long bufferAddress(int handle) {
        return BASE + BUFFERS_AT + (long) handle * STRIDE;
    }

    /** Writes a transmit segment into memory far from the receive buffers and appends it. */
    public void segment(PacketBurst burst, int handle, byte[] bytes, int flags) {
        long address = BASE + (10 << 20) + (long) (handle & 0x3FF) * 4096;
        memory.copyFrom(address, bytes, 0, bytes.length);
        burst.add(address, handle, bytes.length, flags);
    }

    /** A whole packet of one segment. */
    public void packet(PacketBurst burst, int handle, byte[] bytes) {
        segment(burst, handle, bytes, PacketFlags.WHOLE);
    }

    /** Bytes that are different for every seed. */
    public static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (seed * 31 + i * 7 + (i >>> 8));
        }
        return bytes;
    }

    @Override
    public PciIdentity device() {
        return identity;
    }

    @Override
    public RegisterWindow registers(int bar) {
        if (bar != 0) {
            throw new ShellException("no BAR " + bar);
        }
        return device;
    }

    @Override
    public int vectors() {
        return 3;
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        if (allocationsLeft-- <= 0) {
            throw new ShellException("no memory");
        }
        next = (next + alignment - 1) & -alignment;
        DmaMemory window = memory.window(next, bytes);
        next += bytes;
        windows.add(window);
        return window;
    }

    @Override
    public void free(DmaMemory window) {
        if (!windows.remove(window)) {
            throw new ShellException("not yours");
        }
        window.revoke();
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
    public DmaMemory memory() {
        return memory.window(memory.base(), (int) memory.size());
    }

    @Override
    public int bufferSize() {
        return 2048;
    }

    @Override
    public int take(long[] addresses, int[] handles, int from, int count) {
        Objects.checkFromIndexSize(from, count, Math.min(addresses.length, handles.length));
        int given = 0;
        while (given < count && !pool.isEmpty()) {
            int handle = pool.removeFirst();
            taken.add(handle);
            addresses[from + given] = bufferAddress(handle);
            handles[from + given] = handle;
            given++;
        }
        return given;
    }

    @Override
    public void give(int[] handles, int from, int count) {
        for (int i = from; i < from + count; i++) {
            recycle(handles[i]);
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
