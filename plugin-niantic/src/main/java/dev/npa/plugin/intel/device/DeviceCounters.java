package dev.npa.plugin.intel.device;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.support.WrappingCounter;

/** The VF's statistics registers as 64-bit counters; they count from when this was made. */
final class DeviceCounters {

    private static final int FCS = 4;

    private final RegisterWindow registers;
    private final CounterRegisters at;
    private final WrappingCounter rxFrames;
    private final WrappingCounter rxOctets;
    private final WrappingCounter rxMulticast;
    private final WrappingCounter txFrames;
    private final WrappingCounter txOctets;
    /** The latest answers. */
    private long rxBytes;
    private long txBytes;

    DeviceCounters(RegisterWindow registers, CounterRegisters at) {
        this.registers = registers;
        this.at = at;
        rxFrames = new WrappingCounter(Integer.SIZE, word(at.rxFrames()));
        rxOctets = new WrappingCounter(at.octetBits(), octets(at.rxOctets()));
        rxMulticast = new WrappingCounter(Integer.SIZE, word(at.rxMulticast()));
        txFrames = new WrappingCounter(Integer.SIZE, word(at.txFrames()));
        txOctets = new WrappingCounter(at.octetBits(), octets(at.txOctets()));
    }

    long read(DeviceCounter counter) {
        return switch (counter) {
            case RX_FRAMES -> rxFrames.update(word(at.rxFrames()));
            case RX_BYTES -> rxBytes = withoutFcs(rxBytes, rxOctets.update(octets(at.rxOctets())),
                    read(DeviceCounter.RX_FRAMES));
            case RX_MULTICAST -> rxMulticast.update(word(at.rxMulticast()));
            case TX_FRAMES -> txFrames.update(word(at.txFrames()));
            case TX_BYTES -> txBytes = withoutFcs(txBytes, txOctets.update(octets(at.txOctets())),
                    read(DeviceCounter.TX_FRAMES));
        };
    }

    /**
     * Frames are read after their octets, so what comes in between has its FCS taken off and its bytes missing: never
     * too many bytes, but maybe fewer than were told before.
     */
    private static long withoutFcs(long before, long octets, long frames) {
        return Math.max(before, octets - FCS * frames);
    }

    private long word(int register) {
        return Integer.toUnsignedLong(registers.read32(register));
    }

    /** Both words of one moment: the low one goes back when it carried into the high one between two looks. */
    private long octets(int register) {
        long low = word(register);
        if (at.octetBits() == Integer.SIZE) {
            return low;
        }
        long high = word(register + Integer.BYTES);
        long again = word(register);
        return again < low ? word(register + Integer.BYTES) << Integer.SIZE | again : high << Integer.SIZE | low;
    }
}
