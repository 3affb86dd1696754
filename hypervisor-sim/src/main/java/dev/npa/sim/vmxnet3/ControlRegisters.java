package dev.npa.sim.vmxnet3;

import dev.npa.hw.MacAddress;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.SwitchPort;

/**
 * BAR1, the control registers; vmxnet3 §2. Every access traps. One access at a time: the monitor of this object is
 * taken before all other locks, and nobody who holds another one takes it.
 */
final class ControlRegisters {

    private final String name;
    private final Violations violations;
    private final Emulation emulation;
    private final Interrupts interrupts;
    private final Commands commands;
    private final SwitchPort port;
    private final Vmxnet3Backend backend;
    private MacAddress mac;
    private int macLow;
    private int sharedLow;
    private int result;

    ControlRegisters(String name, Violations violations, Emulation emulation, Interrupts interrupts, Commands commands,
            MacAddress mac, SwitchPort port, Vmxnet3Backend backend) {
        this.name = name;
        this.violations = violations;
        this.emulation = emulation;
        this.interrupts = interrupts;
        this.commands = commands;
        this.port = port;
        this.backend = backend;
        this.mac = mac;
        this.macLow = mac.low32();
    }

    synchronized int read(int offset) {
        switch (offset) {
            case Vmxnet3Registers.VRRS:
                return Vmxnet3Registers.REVISIONS;
            case Vmxnet3Registers.UVRS:
                return 1; // UPT version 1
            case Vmxnet3Registers.DSAL:
            case Vmxnet3Registers.DSAH:
            case Vmxnet3Registers.ECR:
                return 0;
            case Vmxnet3Registers.CMD:
                return result;
            case Vmxnet3Registers.MACL:
                return mac.low32();
            case Vmxnet3Registers.MACH:
                return mac.high16();
            case Vmxnet3Registers.ICR:
                return interrupts.acknowledgeLine();
            default:
                violations.record(name, "read of BAR1 offset 0x" + Integer.toHexString(offset)
                        + ", which is no register of revisions 1 and 2");
                return 0;
        }
    }

    synchronized void write(int offset, int value) {
        switch (offset) {
            case Vmxnet3Registers.VRRS:
                chooseRevision(value);
                break;
            case Vmxnet3Registers.UVRS:
                if (value != 1) {
                    violations.record(name, "UVRS written with 0x" + Integer.toHexString(value)
                            + ", only 1 was offered");
                }
                break;
            case Vmxnet3Registers.DSAL:
                sharedLow = value;
                emulation.sharedAddress(0);
                if (value == 0) {
                    commands.quiesce();
                }
                break;
            case Vmxnet3Registers.DSAH:
                emulation.sharedAddress(Integer.toUnsignedLong(sharedLow) | (long) value << 32);
                break;
            case Vmxnet3Registers.CMD:
                result = commands.execute(value);
                break;
            case Vmxnet3Registers.MACL:
                macLow = value;
                break;
            case Vmxnet3Registers.MACH:
                changeMac(MacAddress.ofRegisters(macLow, value));
                break;
            case Vmxnet3Registers.ECR:
                emulation.acknowledgeEvents(value);
                break;
            default:
                violations.record(name, "write of BAR1 offset 0x" + Integer.toHexString(offset)
                        + ", which is no writable register of revisions 1 and 2");
                break;
        }
    }

    private void chooseRevision(int value) {
        if (Integer.bitCount(value) != 1 || (value & Vmxnet3Registers.REVISIONS) == 0) {
            violations.record(name, "VRRS written with 0x" + Integer.toHexString(value)
                    + ", it must be one bit of the offered 0x" + Integer.toHexString(Vmxnet3Registers.REVISIONS));
            return;
        }
        emulation.revision(Integer.numberOfTrailingZeros(value) + 1);
    }

    private void changeMac(MacAddress wanted) {
        if (wanted.equals(mac)) {
            return;
        }
        if (wanted.isGroup() || wanted.value() == 0) {
            violations.record(name, "MACL/MACH written with " + wanted + ", which is no station's address");
            return;
        }
        if (backend.macChanged(wanted)) {
            try {
                port.mac(wanted);
                mac = wanted;
            } catch (IllegalArgumentException e) {
                violations.record(name, e.getMessage());
            }
        }
    }

    /** Power-on state. */
    synchronized void powerOn(MacAddress permanentMac) {
        commands.reset();
        emulation.revision(1);
        mac = permanentMac;
        macLow = permanentMac.low32();
        sharedLow = 0;
        result = 0;
    }
}
