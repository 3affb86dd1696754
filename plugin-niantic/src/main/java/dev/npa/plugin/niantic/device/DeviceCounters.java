package dev.npa.plugin.niantic.device;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.niantic.regs.VfRegisters;

/** The VF's statistics registers as 64-bit counters. The registers wrap and are not cleared by reading. §2 */
final class DeviceCounters {

    private static final int FCS = 4;

    private final RegisterWindow registers;
    private final Wrapping rxFrames = new Wrapping(32);
    private final Wrapping rxBytes = new Wrapping(36);
    private final Wrapping rxMulticast = new Wrapping(32);
    private final Wrapping txFrames = new Wrapping(32);
    private final Wrapping txBytes = new Wrapping(36);

    /** Starts to count from what the registers show now. */
    DeviceCounters(RegisterWindow registers) {
        this.registers = registers;
        update();
        rxFrames.zero();
        rxBytes.zero();
        rxMulticast.zero();
        txFrames.zero();
        txBytes.zero();
    }

    long read(DeviceCounter counter) {
        update();
        return switch (counter) {
            case RX_FRAMES -> rxFrames.total();
            case RX_BYTES -> Math.max(0, rxBytes.total() - FCS * rxFrames.total());
            case RX_MULTICAST -> rxMulticast.total();
            case TX_FRAMES -> txFrames.total();
            case TX_BYTES -> Math.max(0, txBytes.total() - FCS * txFrames.total());
        };
    }

    private void update() {
        rxFrames.add(word(VfRegisters.VFGPRC));
        rxBytes.add(wide(VfRegisters.VFGORC));
        rxMulticast.add(word(VfRegisters.VFMPRC));
        txFrames.add(word(VfRegisters.VFGPTC));
        txBytes.add(wide(VfRegisters.VFGOTC));
    }

    private long word(int register) {
        return Integer.toUnsignedLong(registers.read32(register));
    }

    private long wide(int low) {
        long value = word(low);
        return (word(low + 4) & 0xF) << 32 | value;
    }

    /** A register of some bits that wraps, extended by the differences of its readings. */
    private static final class Wrapping {
        private final long mask;
        private long last;
        private long total;

        private Wrapping(int bits) {
            mask = (1L << bits) - 1;
        }

        private void add(long reading) {
            total += reading - last & mask;
            last = reading;
        }

        private void zero() {
            total = 0;
        }

        private long total() {
            return total;
        }
    }
}
