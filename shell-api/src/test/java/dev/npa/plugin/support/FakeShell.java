package dev.npa.plugin.support;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.Shell;
import dev.npa.shell.ShellException;
import dev.npa.shell.ShellLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A shell that keeps book of memory and buffers; buffers are numbered, none is ever handed out twice. */
final class FakeShell implements Shell, PacketBuffers, ShellLog {

    final Set<Integer> out = new HashSet<>();
    final Set<DmaMemory> windows = new HashSet<>();
    final List<String> log = new ArrayList<>();
    /** Buffers that the pool may still give. */
    int allowance = Integer.MAX_VALUE;
    /** The allocation that fails, counted down; negative = none. */
    int failingAllocation = -1;
    /** The shell was revoked: nothing works any more, not even the log. */
    boolean revoked;
    private final PhysicalMemory memory = PhysicalMemory.allocate(0, 64 << 10);
    private int nextHandle = 100;

    static long address(int handle) {
        return 0x1_0000_0000L + 2048L * handle;
    }

    @Override
    public int bufferSize() {
        return 2048;
    }

    @Override
    public DmaMemory memory() {
        throw new AssertionError("no packet memory here");
    }

    @Override
    public int take(long[] addresses, int[] handles, int from, int count) {
        int taken = Math.min(count, allowance);
        for (int i = from; i < from + taken; i++) {
            handles[i] = nextHandle++;
            addresses[i] = address(handles[i]);
            out.add(handles[i]);
        }
        allowance -= taken;
        return taken;
    }

    @Override
    public void give(int[] handles, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!out.remove(handles[i])) {
                throw new AssertionError("buffer " + handles[i] + " is not out");
            }
        }
    }

    @Override
    public PciIdentity device() {
        return new PciIdentity(1, 2, 3, 4, 5);
    }

    @Override
    public RegisterWindow registers(int bar) {
        throw new ShellException("no BAR " + bar);
    }

    @Override
    public int vectors() {
        return 4;
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        if (failingAllocation-- == 0) {
            throw new ShellException("no memory for " + bytes + " bytes");
        }
        DmaMemory window = memory.window(0, bytes);
        windows.add(window);
        return window;
    }

    @Override
    public void free(DmaMemory window) {
        check();
        if (!windows.remove(window)) {
            throw new ShellException("not allocated");
        }
    }

    @Override
    public PacketBuffers buffers() {
        return this;
    }

    @Override
    public Clock clock() {
        throw new AssertionError("no clock here");
    }

    @Override
    public ShellLog log() {
        check();
        return this;
    }

    private void check() {
        if (revoked) {
            throw new ShellException("revoked");
        }
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
