package dev.npa.sim.vmxnet3;

import dev.npa.hw.AccessFault;
import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.hw.Steppable;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.SwitchPort;
import java.util.function.IntUnaryOperator;

/**
 * The vmxnet3 device of one VM, revisions 1 and 2: a PCI function in front, a port of the virtual switch behind.
 *
 * <p>Register it with {@link dev.npa.sim.net.VirtualSwitch#addDevice}; the switch's thread then runs its data path. The
 * host attaches {@code dma} to a domain over all of the guest's memory.
 *
 * <p><b>Lossless.</b> Frames for which the guest has posted no buffer wait in the port's queue; frames that the port
 * cannot take wait in the guest's ring. Only a packet that can never fit the guest's buffers is dropped
 * (pktsRxOutOfBuf), and what reaches a device without driver.
 *
 * <p><b>Locks</b>, in the order in which they are taken: BAR1's monitor (one control access at a time), the host's
 * control lock (by the backend), the switch's lock, the device's lock, interrupts. The backend and the port's
 * control methods are called without the device's lock; {@link #run} is called with the switch's lock and calls
 * {@link SwitchPort#fromGuest} with the device's. All public methods here take the device's lock at most and can be
 * called with the host's or the switch's lock held, except {@link #powerOn()}.
 */
public final class Vmxnet3Device implements PciFunction, Steppable {

    private final String name;
    private final MacAddress permanentMac;
    private final SwitchPort port;
    private final MsixTable msix;
    private final Interrupts interrupts;
    private final Emulation emulation;
    private final ControlRegisters control;
    private final ConfigSpace config;
    private final RegisterWindow[] bars;

    /**
     * Creates a device after power-on.
     *
     * @param name as {@code host0/vm1/vmxnet3}, for violations
     * @param clock machine time
     * @param violations where to record what the driver does wrong
     * @param permanentMac address that the device has until the guest changes it
     * @param port its port of the virtual switch
     * @param dma its way to guest memory; bus mastering follows the command register
     * @param backend the hypervisor behind it
     */
    public Vmxnet3Device(String name, Clock clock, Violations violations, MacAddress permanentMac, SwitchPort port,
            DmaPort dma, Vmxnet3Backend backend) {
        this.name = name;
        this.permanentMac = permanentMac;
        this.port = port;
        this.msix = new MsixTable(Vmxnet3Registers.VECTORS, dma);
        this.interrupts = new Interrupts(msix);
        this.emulation = new Emulation(name, violations, port, dma, interrupts);
        Commands commands =
                new Commands(name, violations, emulation, interrupts, permanentMac, port, dma, backend);
        this.control = new ControlRegisters(name, violations, emulation, interrupts, commands, permanentMac, port,
                backend);
        this.config = new ConfigSpace(permanentMac, new ConfigSpace.Listener() {
            @Override
            public void busMaster(boolean on) {
                dma.busMaster(on);
            }

            @Override
            public void msix(boolean enable, boolean maskAll) {
                interrupts.msixEnabled(enable);
                msix.control(enable, maskAll);
            }
        });
        PassThroughPage page = new PassThroughPage(name, violations, emulation, interrupts);
        MsixPage table = new MsixPage(name, violations, msix);
        this.bars = new RegisterWindow[] {
            new Window(0, Vmxnet3Registers.BAR0_LENGTH, violations, page::read, page::write),
            new Window(1, Vmxnet3Registers.BAR1_LENGTH, violations, control::read, control::write),
            new Window(2, Vmxnet3Registers.BAR2_LENGTH, violations, table::read, table::write),
        };
    }

    public String name() {
        return name;
    }

    @Override
    public PciIdentity identity() {
        return ConfigSpace.IDENTITY;
    }

    @Override
    public int readConfig(int offset, int width) {
        return config.read(offset, width);
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        config.write(offset, width, value);
    }

    @Override
    public RegisterWindow bar(int index) {
        if (index < 0 || index >= bars.length) {
            throw new AccessFault(name + " has memory BARs 0 to 2, not " + index);
        }
        return bars[index];
    }

    /** Moves at most {@code budget} frames in each direction and queue. Called by the switch, with its lock held. */
    @Override
    public int run(int budget) {
        return emulation.run(budget);
    }

    /** Address of the plugin area that the guest named at ACTIVATE_DEV; 0 = none, or no shared area. */
    public long pluginArea() {
        return emulation.pluginArea();
    }

    /**
     * Sets bits in DriverShared.ecr and raises the event vector. Works from any thread, also after STOP_EMULATION.
     *
     * @param ecrBits as {@code DIC}, bit 3
     * @return false if the guest has no shared area now; nothing happened
     */
    public boolean raiseEvents(int ecrBits) {
        return emulation.raiseEvents(ecrBits);
    }

    /** Whether the emulated rings are in use: between ACTIVATE_DEV and QUIESCE_DEV, RESET_DEV or STOP_EMULATION. */
    public boolean isEmulating() {
        return emulation.mode() == Emulation.Mode.ACTIVE;
    }

    /** Whether all frames that were queued for the guest are in its rings, completed. */
    public boolean receiveDrained() {
        return port.toGuest().isEmpty() && !emulation.holdsFrames();
    }

    /** Frames thrown away because they reached the device while it had no driver. */
    public long discardedFrames() {
        return emulation.discarded();
    }

    /** Whether the legacy interrupt line is asserted (MSI-X disabled). */
    public boolean interruptLine() {
        return interrupts.line();
    }

    /** Decoded state of a ring for people: one line a descriptor around the device's position. */
    public String describeRing(int queue, boolean transmit) {
        return emulation.describe(queue, transmit);
    }

    /**
     * Back to the state after power-on, as when the VM is reset or powered off. Tells the backend and closes the port's
     * filter if a driver was active. The guest must be halted, and the caller must not hold the switch's lock.
     */
    public void powerOn() {
        control.powerOn(permanentMac);
        config.powerOn();
        msix.reset();
        port.mac(permanentMac);
    }

    private interface Write {
        void write(int offset, int value);
    }

    /** A memory BAR: checks the access, then passes it on if the function decodes memory. */
    private final class Window implements RegisterWindow {
        private final int index;
        private final int length;
        private final Violations violations;
        private final IntUnaryOperator read;
        private final Write write;

        Window(int index, int length, Violations violations, IntUnaryOperator read, Write write) {
            this.index = index;
            this.length = length;
            this.violations = violations;
            this.read = read;
            this.write = write;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int read32(int offset) {
            return answers(offset) ? read.applyAsInt(offset) : -1;
        }

        @Override
        public void write32(int offset, int value) {
            if (answers(offset)) {
                write.write(offset, value);
            }
        }

        private boolean answers(int offset) {
            if (offset < 0 || offset >= length || (offset & 3) != 0) {
                throw new AccessFault(name + " BAR" + index + ": offset 0x" + Integer.toHexString(offset)
                        + " is not a multiple of 4 below 0x" + Integer.toHexString(length));
            }
            if (!config.memoryEnabled()) {
                violations.record(name, "access to BAR" + index + " with memory decoding off (command bit 1)");
                return false;
            }
            return true;
        }
    }
}
