package dev.npa.sim.nic.intel;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicFunction;

/**
 * The physical function or a virtual one. A virtual function that was disabled answers all ones for ever; a new one
 * takes its place when VF Enable is set again.
 */
final class IntelFunction implements NicFunction {

    private static final int MSIX_BAR = 3;
    private static final int PENDING = 0x2000;

    private final String name;
    private final PciIdentity identity;
    private final DmaPort port;
    private final MsixTable msix;
    private final IntelCore core;
    private final RegisterWindow csr;
    private final RegisterWindow msixWindow = new MsixWindow();
    private PciConfigSpace config;
    private Runnable flr;
    private volatile boolean gone;
    private volatile boolean memory;

    /**
     * Creates a function.
     *
     * @param csr BAR0 of a function that is there and has memory space enabled
     */
    IntelFunction(IntelCore core, String name, PciIdentity identity, DmaPort port, MsixTable msix,
            RegisterWindow csr) {
        this.core = core;
        this.name = name;
        this.identity = identity;
        this.port = port;
        this.msix = msix;
        this.csr = new Guard(csr);
    }

    /** Completes the function. {@code flr} resets what belongs to it. */
    void connect(PciConfigSpace space, Runnable reset) {
        config = space;
        flr = reset;
    }

    /** Memory space enable of the function: the command register of the PF, VF MSE for a VF. */
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
        return name;
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
        synchronized (core.lock) {
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
        return switch (index) {
            case 0 -> csr;
            case MSIX_BAR -> msixWindow;
            default -> throw new AccessFault(name + " has no memory BAR " + index + "; 0 and 3 are there");
        };
    }

    /** Whether BARs answer; an access to a function that is there but does not decode is a driver's mistake. */
    private boolean answers() {
        if (!gone && !memory) {
            core.violations.record(name, "memory BAR accessed with memory space disabled");
        }
        return !gone && memory;
    }

    /** BAR0: all ones when the function does not answer. */
    private final class Guard implements RegisterWindow {
        private final RegisterWindow inner;

        Guard(RegisterWindow inner) {
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

    /** BAR3: MSI-X table at 0, pending bits at 0x2000, 82599 §1, 82576 §1. */
    private final class MsixWindow implements RegisterWindow {
        @Override
        public int length() {
            return 16 * 1024;
        }

        @Override
        public int read32(int offset) {
            if (!answers()) {
                return -1;
            }
            if (isTable(offset)) {
                return msix.readTable(offset);
            }
            if (isPending(offset)) {
                return msix.readPending(offset - PENDING);
            }
            core.violations.record(name, "read of unknown MSI-X BAR offset 0x" + Integer.toHexString(offset));
            return 0;
        }

        @Override
        public void write32(int offset, int value) {
            if (!answers()) {
                return;
            }
            if (isTable(offset)) {
                msix.writeTable(offset, value);
            } else {
                core.violations.record(name, "write to MSI-X BAR offset 0x" + Integer.toHexString(offset)
                        + ", which is not in the table");
            }
        }

        private boolean isTable(int offset) {
            return (offset & 3) == 0 && offset >= 0 && offset < 16 * msix.vectors();
        }

        private boolean isPending(int offset) {
            return (offset & 3) == 0 && offset >= PENDING && offset < PENDING + (msix.vectors() + 63) / 64 * 8;
        }
    }
}
