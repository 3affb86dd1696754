package dev.npa.pf.broadcom;

import dev.npa.hw.Clock;
import dev.npa.hw.RegisterWindow;
import dev.npa.pf.PfException;

/** The PF's GRC window with the compound accesses that its driver needs, and its place on the path. */
final class Registers {

    /** Address in the ME register's window of the PF. §1, §2 */
    private static final int ME = 0x450000;
    private static final int VF_HANDLE = 1 << 3;

    private final RegisterWindow window;
    private final Clock clock;
    private int pf;

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

    /** Learns the PF's number on its path. */
    void identify() {
        if (read(Grc.CHIP_NUM) == -1) {
            throw new PfException("57712: the physical function does not answer (all ones); check that it is plugged in"
                    + " and that memory decoding is enabled");
        }
        pf = read(ME) >>> 16 & 7; // absolute PF number, §1
    }

    /** Number of the PF on its path; valid after {@link #identify}. */
    int pf() {
        return pf;
    }

    int read(int offset) {
        return window.read32(offset);
    }

    void write(int offset, int value) {
        window.write32(offset, value);
    }

    /** Writes 8 bytes, the lower half first. */
    void write64(int offset, long value) {
        write(offset, (int) value);
        write(offset + 4, (int) (value >>> 32));
    }

    /** Writes a register as if the VF wrote it: for registers that every function has of its own. */
    void writeAs(int vf, int offset, int value) {
        write(Grc.pretend(pf), pf | VF_HANDLE | vf << 4); // §1
        write(offset, value);
        write(Grc.pretend(pf), pf);
    }

    /** Waits until a register shows a value; all ones, the answer of a device that is gone, never count. */
    boolean await(int offset, int mask, int value) {
        return Waits.until(clock, () -> {
            int read = read(offset);
            return read != -1 && (read & mask) == value;
        });
    }
}
