package dev.npa.sim.traffic;

import dev.npa.hw.AccessFault;

/** Configuration space of the workload channel: a type 0 header with one 4 KiB memory BAR and no capabilities. */
final class ChannelConfigSpace {

    static final int VENDOR = 0xFFF0;
    static final int DEVICE = 0x0001;

    private static final int SIZE = 4096;
    private static final int COMMAND = 0x04;
    /** Memory space, bus master, INTx disable. */
    private static final int COMMAND_BITS = 0x0406;
    private static final int CLASS_REVISION = 0x08;
    /** Network controller, other; revision 1. */
    private static final int CLASS_VALUE = 0x0280_0001;
    private static final int BAR0 = 0x10;
    private static final int BAR0_BITS = 0xFFFF_F000;
    private static final int SUBSYSTEM = 0x2C;

    private int command;
    private int bar0;

    synchronized int read(int offset, int width) {
        check(offset, width);
        int word = word(offset & ~3) >>> 8 * (offset & 3);
        return width == 4 ? word : word & (1 << 8 * width) - 1;
    }

    synchronized void write(int offset, int width, int value) {
        check(offset, width);
        int shift = 8 * (offset & 3);
        int mask = width == 4 ? -1 : (1 << 8 * width) - 1 << shift;
        int merged = word(offset & ~3) & ~mask | value << shift & mask;
        if ((offset & ~3) == COMMAND) {
            command = merged & COMMAND_BITS;
        } else if ((offset & ~3) == BAR0) {
            bar0 = merged & BAR0_BITS;
        }
    }

    private int word(int offset) {
        return switch (offset) {
            case 0 -> DEVICE << 16 | VENDOR;
            case COMMAND -> command;
            case CLASS_REVISION -> CLASS_VALUE;
            case BAR0 -> bar0;
            case SUBSYSTEM -> DEVICE << 16 | VENDOR;
            default -> 0;
        };
    }

    private static void check(int offset, int width) {
        if (width != 1 && width != 2 && width != 4 || offset < 0 || offset > SIZE - width || offset % width != 0) {
            throw new AccessFault("workload channel: configuration access of " + width + " bytes at 0x"
                    + Integer.toHexString(offset) + " is outside the space or misaligned");
        }
    }
}
