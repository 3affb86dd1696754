package dev.npa.pf.niantic;

import dev.npa.hw.Clock;
import dev.npa.hw.RegisterWindow;
import dev.npa.pf.PfException;

/** The PF's register window with the few compound accesses that its driver needs. */
final class Registers {

    private static final long POLL_NANOS = 10_000;
    private static final int POLLS = 2_000;

    private final RegisterWindow window;
    private final Clock clock;

    Registers(RegisterWindow window, Clock clock) {
        this.window = window;
        this.clock = clock;
    }

    RegisterWindow window() {
        return window;
    }

    Clock clock() {
        return clock;
    }

    int read(int offset) {
        return window.read32(offset);
    }

    void write(int offset, int value) {
        window.write32(offset, value);
    }

    void set(int offset, int bits) {
        write(offset, read(offset) | bits);
    }

    void clear(int offset, int bits) {
        write(offset, read(offset) & ~bits);
    }

    /** Sets or clears bits. */
    void put(int offset, int bits, boolean on) {
        int value = read(offset);
        write(offset, on ? value | bits : value & ~bits);
    }

    /** Writes the same value to {@code count} consecutive registers. */
    void fill(int offset, int count, int value) {
        for (int i = 0; i < count; i++) {
            write(offset + 4 * i, value);
        }
    }

    /** Polls for at most 20 ms; all ones, the answer of a device that is gone, never count. */
    boolean await(int offset, int mask, int value) {
        for (int i = 0; i < POLLS; i++) {
            int read = read(offset);
            if (read != -1 && (read & mask) == value) {
                return true;
            }
            clock.stall(POLL_NANOS);
        }
        return false;
    }

    /** As {@link #await}, but throws. */
    void require(int offset, int mask, int value, String what) {
        if (!await(offset, mask, value)) {
            throw new PfException("82599: " + what + " within 20 ms (register 0x" + Integer.toHexString(offset)
                    + " reads 0x" + Integer.toHexString(read(offset)) + "); reset the adapter");
        }
    }
}
