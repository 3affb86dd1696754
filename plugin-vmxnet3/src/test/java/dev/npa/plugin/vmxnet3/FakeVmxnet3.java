package dev.npa.plugin.vmxnet3;

import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Registers and commands of a vmxnet3 device, from the fact sheet and independently of the plugin's constants. Rings
 * are {@link FakeRings}. Keeps every register write in order.
 */
final class FakeVmxnet3 {

    static final long PERMANENT_MAC = 0x0201_0504_0302L; // register order: low 0x05040302, high 0x0201

    final PhysicalMemory memory;
    final List<String> writes = new ArrayList<>();
    final List<Integer> commands = new ArrayList<>();
    final Map<Integer, Integer> imr = new HashMap<>();
    final RegisterWindow bar0 = new Window(this::read0, this::write0);
    final RegisterWindow bar1 = new Window(this::read1, this::write1);
    int vrrs = 1;
    int txThreshold = 1;
    int updateRxProd;
    int activateResult;
    int link = 10000 << 16 | 1;
    boolean qemu;
    boolean macRefused;
    boolean active;
    long shared;
    FakeRings[] rings = {};
    int[] commandInfo = {};
    private int result;
    private int dsal;
    private int macl = (int) PERMANENT_MAC;
    private int macStaged;
    private int mach = (int) (PERMANENT_MAC >>> 32);

    FakeVmxnet3(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Register writes to this BAR0 or BAR1 offset. */
    long writesTo(int bar, int offset) {
        String start = bar + ":" + Integer.toHexString(offset) + "=";
        return writes.stream().filter(w -> w.startsWith(start)).count();
    }

    int shared32(int offset) {
        return memory.getInt(shared + offset);
    }

    void raiseEvent(int bits) {
        memory.putIntRelease(shared + 0x2B8, shared32(0x2B8) | bits);
    }

    private int read0(int offset) {
        return imr.getOrDefault(offset / 8, 1);
    }

    private void write0(int offset, int value) {
        writes.add("0:" + Integer.toHexString(offset) + "=" + Integer.toHexString(value));
        if (offset < 25 * 8 && (active || !qemu)) {
            imr.put(offset / 8, value);
        }
    }

    private int read1(int offset) {
        return switch (offset) {
            case 0x00 -> vrrs;
            case 0x08 -> 1;
            case 0x20 -> result;
            case 0x28 -> macl;
            case 0x30 -> mach;
            default -> 0;
        };
    }

    private void write1(int offset, int value) {
        writes.add("1:" + Integer.toHexString(offset) + "=" + Integer.toHexString(value));
        switch (offset) {
            case 0x10 -> dsal = value;
            case 0x18 -> shared = (long) value << 32 | Integer.toUnsignedLong(dsal);
            case 0x20 -> result = run(value);
            case 0x28 -> macStaged = value;
            case 0x30 -> {
                if (!macRefused) {
                    macl = macStaged;
                    mach = value;
                }
            }
            case 0x40 -> memory.putInt(shared + 0x2B8, shared32(0x2B8) & ~value);
            default -> { }
        }
    }

    private int run(int code) {
        commands.add(code);
        if (shared != 0) {
            commandInfo = new int[] {shared32(0x2C0), shared32(0x2C4), shared32(0x2C8), shared32(0x2CC)};
        }
        return switch (code) {
            case 0xCAFE0000 -> activate();
            case 0xCAFE0001, 0xCAFE000A -> deactivate();
            case 0xCAFE0002 -> {
                shared = 0;
                imr.clear();
                yield deactivate();
            }
            case 0xF00D0002 -> link;
            case 0xF00D0003 -> (int) PERMANENT_MAC;
            case 0xF00D0004 -> (int) (PERMANENT_MAC >>> 32);
            default -> 0;
        };
    }

    private int deactivate() {
        active = false;
        rings = new FakeRings[0];
        return 0;
    }

    private int activate() {
        if (activateResult != 0 || shared == 0 || shared32(0) != 0xBABEFEE1) {
            return 1;
        }
        int tx = memory.getByte(shared + 0x3E);
        int rx = memory.getByte(shared + 0x3F);
        if (Integer.bitCount(tx) != 1 || Integer.bitCount(rx) != 1 || shared32(0x34) != 256 * (tx + rx)) {
            return 1;
        }
        long table = memory.getLong(shared + 0x28);
        FakeRings[] made = new FakeRings[Math.max(tx, rx)];
        for (int q = 0; q < made.length; q++) {
            made[q] = new FakeRings(memory, q, rx, q < tx ? table + 256L * q : 0, q < rx ? table + 256L * (tx + q) : 0);
            if (q < tx) {
                memory.putInt(table + 256L * q + 4, txThreshold);
            }
            if (q < rx) {
                memory.putByte(table + 256L * (tx + q), (byte) updateRxProd);
            }
        }
        rings = made;
        active = true;
        if (qemu) {
            macl = (int) PERMANENT_MAC;
            mach = (int) (PERMANENT_MAC >>> 32);
        }
        return 0;
    }

    private record Window(java.util.function.IntUnaryOperator reader, Writer writer) implements RegisterWindow {
        @Override
        public int length() {
            return 4096;
        }

        @Override
        public int read32(int offset) {
            return reader.applyAsInt(offset);
        }

        @Override
        public void write32(int offset, int value) {
            writer.write(offset, value);
        }
    }

    private interface Writer {
        void write(int offset, int value);
    }
}
