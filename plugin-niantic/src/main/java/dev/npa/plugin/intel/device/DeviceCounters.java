package dev.npa.plugin.intel.device;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;

/** The VF's statistics registers as 64-bit counters. The registers wrap and are not cleared by reading. */
final class DeviceCounters {

    private static final int FCS = 4;

    private final RegisterWindow registers;
    private final CounterRegisters at;
    private final Wrapping rxFrames = new Wrapping(32);
    private final Wrapping rxBytes;
    private final Wrapping rxMulticast = new Wrapping(32);
    private final Wrapping txFrames = new Wrapping(32);
    private final Wrapping txBytes;

    /** Starts to count from what the registers show now. */
    DeviceCounters(RegisterWindow registers, CounterRegisters at) {
        this.registers = registers;
        this.at = at;
        rxBytes = new Wrapping(at.octetBits());
        txBytes = new Wrapping(at.octetBits());
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
        rxFrames.add(word(at.rxFrames()));
        rxBytes.add(wide(at.rxOctets()));
        rxMulticast.add(word(at.rxMulticast()));
        txFrames.add(word(at.txFrames()));
        txBytes.add(wide(at.txOctets()));
    }

    private long word(int register) {
        return Integer.toUnsignedLong(registers.read32(register));
    }

    private long wide(int low) {
        long value = word(low);
        return at.octetBits() > Integer.SIZE ? word(low + 4) << Integer.SIZE | value : value; // low first; add() masks
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
