package dev.npa.benchmarks.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;

/**
 * Both register BARs of a vmxnet3 device without vectors. Commands that a queue pair does not depend on answer 0.
 * Section numbers are those of the project's vmxnet3 fact sheet.
 */
final class Vmxnet3Bars {

    private static final int VRRS = 0x00; // §2
    private static final int UVRS = 0x08;
    private static final int DSAL = 0x10;
    private static final int DSAH = 0x18;
    private static final int CMD = 0x20;
    private static final int MACL = 0x28;
    private static final int MACH = 0x30;
    private static final int QUEUE_DESC_PA = 0x28; // §7
    private static final int NUM_TX_QUEUES = 0x3E;
    private static final int ACTIVATE_DEV = 0xCAFE0000; // §4
    private static final int GET_LINK = 0xF00D0002;
    private static final int LINK_UP_10G = 10_000 << 16 | 1;

    private final PhysicalMemory memory;
    private final FakeVmxnet3 device;
    private int result;
    private int dsal;
    private long shared;
    private int macl = 0x0000_0002;
    private int mach = 0x0100;

    Vmxnet3Bars(PhysicalMemory memory, FakeVmxnet3 device) {
        this.memory = memory;
        this.device = device;
    }

    /** BAR0: masks and doorbells, to which a device that goes by generation bits need not listen. §3 */
    RegisterWindow pt() {
        return new Doorbells();
    }

    /** BAR1: control. */
    RegisterWindow vd() {
        return new Control();
    }

    private void command(int code) {
        result = 0;
        if (code == ACTIVATE_DEV) {
            device.activate(memory.getLong(shared + QUEUE_DESC_PA), memory.getByte(shared + NUM_TX_QUEUES));
        } else if (code == GET_LINK) {
            result = LINK_UP_10G;
        }
    }

    private static final class Doorbells implements RegisterWindow {

        private final int[] registers = new int[1024];

        @Override
        public int length() {
            return 4096;
        }

        @Override
        public int read32(int offset) {
            return registers[offset >> 2];
        }

        @Override
        public void write32(int offset, int value) {
            DmaMemory.releaseFence(); // what every window owes its caller
            registers[offset >> 2] = value;
        }
    }

    private final class Control implements RegisterWindow {

        @Override
        public int length() {
            return 4096;
        }

        @Override
        public int read32(int offset) {
            return switch (offset) {
                case VRRS, UVRS -> 1;
                case CMD -> result;
                case MACL -> macl;
                case MACH -> mach;
                default -> 0;
            };
        }

        @Override
        public void write32(int offset, int value) {
            switch (offset) {
                case DSAL -> dsal = value;
                case DSAH -> shared = (long) value << 32 | Integer.toUnsignedLong(dsal);
                case CMD -> command(value);
                case MACL -> macl = value;
                case MACH -> mach = value;
                default -> { }
            }
        }
    }
}
