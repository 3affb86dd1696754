package dev.npa.sim.nic.broadcom;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicFunction;

/**
 * A physical function or a virtual one on the bus. A virtual function that was disabled answers all ones for ever; a
 * new one takes its place when VF Enable is set again.
 */
final class BroadcomFunction implements NicFunction {

    private final Path path;
    private final Func f;
    private final PciIdentity identity;
    private final DmaPort port;
    private final MsixTable msix;
    private final RegisterWindow[] bars = new RegisterWindow[6];
    private PciConfigSpace config;
    private Runnable flr;
    private volatile boolean gone;
    private volatile boolean memory;

    BroadcomFunction(Path path, Func f, PciIdentity identity, DmaPort port, MsixTable msix) {
        this.path = path;
        this.f = f;
        this.identity = identity;
        this.port = port;
        this.msix = msix;
    }

    /** Adds a memory BAR. */
    void bar(int index, RegisterWindow window) {
        bars[index] = new Guarded(window);
    }

    /** Completes the function. {@code reset} resets what belongs to it. */
    void connect(PciConfigSpace space, Runnable reset) {
        config = space;
        flr = reset;
    }

    /** Memory space enable of the function: the command register of a PF, VF MSE for a VF. */
    void memorySpace(boolean enabled) {
        memory = enabled;
    }

    /** The function leaves the bus for good. */
    void remove() {
        gone = true;
    }

    PciConfigSpace config() {
        return config;
    }

    @Override
    public String name() {
        return f.name();
    }

    @Override
    public DmaPort dma() {
        return port;
    }

    @Override
    public MsixTable msix() {
        return msix;
    }

    @Override
    public PciIdentity identity() {
        return identity;
    }

    @Override
    public void functionLevelReset() {
        synchronized (path.lock) {
            if (!gone) {
                flr.run();
            }
        }
    }

    @Override
    public int readConfig(int offset, int width) {
        int value = config.read(offset, width);
        return gone ? -1 >>> 32 - 8 * width : value;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        if (!gone) {
            config.write(offset, width, value);
        }
    }

    @Override
    public RegisterWindow bar(int index) {
        if (index < 0 || index >= bars.length || bars[index] == null) {
            throw new AccessFault(name() + " has no memory BAR " + index + (f.isVf() ? "; 0 is there"
                    : "; 0 and 2 are there"));
        }
        return bars[index];
    }

    /** Whether BARs answer; an access to a function that is there but does not decode is a driver's mistake. */
    private boolean answers() {
        if (!gone && !memory) {
            path.violation(f, "memory BAR accessed with memory space disabled");
        }
        return !gone && memory;
    }

    /** A BAR: all ones when the function does not answer. */
    private final class Guarded implements RegisterWindow {
        private final RegisterWindow inner;

        Guarded(RegisterWindow inner) {
            this.inner = inner;
        }

        @Override
        public int length() {
            return inner.length();
        }

        @Override
        public int read32(int offset) {
            return answers() ? inner.read32(offset) : -1;
        }

        @Override
        public void write32(int offset, int value) {
            if (answers()) {
                inner.write32(offset, value);
            }
        }
    }
}
