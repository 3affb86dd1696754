package dev.npa.sim.machine;

import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;

/**
 * A PCI function in a slot of a guest's bus. When it is pulled out, everything that was handed out through it answers
 * all ones and drops writes, as a removed PCI device does, and refers to the device no more.
 *
 * <p>Thread-safe. An access that runs while the function is unplugged reaches either the device or nothing.
 */
final class PluggedFunction implements PciFunction {

    private static final int BARS = 6;

    private final PciIdentity identity;
    private final Window[] windows = new Window[BARS];
    private volatile PciFunction device;

    PluggedFunction(PciFunction device) {
        this.device = device;
        this.identity = device.identity();
    }

    @Override
    public PciIdentity identity() {
        return identity;
    }

    @Override
    public int readConfig(int offset, int width) {
        PciFunction d = device;
        return d == null ? -1 >>> 32 - 8 * width : d.readConfig(offset, width);
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        PciFunction d = device;
        if (d != null) {
            d.writeConfig(offset, width, value);
        }
    }

    /** The window of a BAR, the same object each time; without registers if the function was unplugged before. */
    @Override
    public synchronized RegisterWindow bar(int index) {
        if (index >= 0 && index < BARS && windows[index] != null) {
            return windows[index];
        }
        PciFunction d = device;
        if (d == null) {
            return new Window(null, 0);
        }
        RegisterWindow registers = d.bar(index);
        Window window = new Window(registers, registers.length());
        windows[index] = window;
        return window;
    }

    synchronized void unplug() {
        device = null;
        for (Window w : windows) {
            if (w != null) {
                w.registers = null;
            }
        }
    }

    private static final class Window implements RegisterWindow {
        private final int length;
        private volatile RegisterWindow registers;

        Window(RegisterWindow registers, int length) {
            this.registers = registers;
            this.length = length;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int read32(int offset) {
            RegisterWindow r = registers;
            return r == null ? -1 : r.read32(offset);
        }

        @Override
        public void write32(int offset, int value) {
            RegisterWindow r = registers;
            if (r != null) {
                r.write32(offset, value);
            }
        }
    }
}
