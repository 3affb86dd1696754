package dev.npa.pf.intel;

import dev.npa.hw.Clock;
import dev.npa.hw.RegisterWindow;
import dev.npa.pf.PfException;

/** The PF's register window with the few compound accesses that its driver needs. */
public final class Registers {

    private static final long POLL_NANOS = 10_000;
    private static final int POLLS = 2_000;

    private final String chip;
    private final RegisterWindow window;
    private final Clock clock;

    Registers(String chip, RegisterWindow window, Clock clock) {
        this.chip = chip;
        this.window = window;
        this.clock = clock;
    }

    RegisterWindow window() {
        return window;
    }

    public Clock clock() {
        return clock;
    }

    public int read(int offset) {
        return window.read32(offset);
    }

    public void write(int offset, int value) {
        window.write32(offset, value);
    }

    public void set(int offset, int bits) {
        write(offset, read(offset) | bits);
    }

    public void clear(int offset, int bits) {
        write(offset, read(offset) & ~bits);
    }

    /** Sets or clears bits. */
    public void put(int offset, int bits, boolean on) {
        int value = read(offset);
        write(offset, on ? value | bits : value & ~bits);
    }

    /** Writes the same value to {@code count} consecutive registers. */
    public void fill(int offset, int count, int value) {
        for (int i = 0; i < count; i++) {
            write(offset + 4 * i, value);
        }
    }

    /** Polls for at most 20 ms; all ones, the answer of a device that is gone, never count. */
    public boolean await(int offset, int mask, int value) {
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
    public void require(int offset, int mask, int value, String what) {
        if (!await(offset, mask, value)) {
            throw new PfException(chip + ": " + what + " within 20 ms (register 0x" + Integer.toHexString(offset)
                    + " reads 0x" + Integer.toHexString(read(offset)) + "); reset the adapter");
        }
    }
}
