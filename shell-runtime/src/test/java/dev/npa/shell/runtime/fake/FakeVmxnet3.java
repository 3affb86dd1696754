package dev.npa.shell.runtime.fake;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * Control half of a vmxnet3 device, revision 1, at register level: commands over DriverShared, events, interrupt masks.
 * It moves no frames.
 */
public final class FakeVmxnet3 extends FakePci {

    private final PhysicalMemory memory;
    private final boolean[] masked = new boolean[25];
    private final boolean[] pending = new boolean[25];
    private final FakeHypervisor script;
    public final List<Integer> commands = new ArrayList<>();
    public long shared;
    public boolean active;
    private long staged;
    private int result;

    public FakeVmxnet3(FakeMachine machine, FakeHypervisor script) {
        super(new PciIdentity(0x15AD, 0x07B0, 0x15AD, 0x07B0, 1), 25, machine);
        this.memory = machine.memory();
        this.script = script;
        java.util.Arrays.fill(masked, true);
    }

    /** Sets bits of the event word and raises the event vector. */
    public void event(int bits) {
        memory.putInt(shared + 0x2B8, memory.getInt(shared + 0x2B8) | bits); // §7 ecr
        int vector = memory.getByte(shared + 0x52); // §7 eventIntrIdx
        pending[vector] = true;
        deliver(vector);
    }

    private void deliver(int vector) {
        if (pending[vector] && !masked[vector]) {
            pending[vector] = false;
            masked[vector] = memory.getByte(shared + 0x50) != 0; // §5 autoMask
            raise(vector);
        }
    }

    public int word(int offset) {
        return memory.getInt(shared + offset);
    }

    @Override
    public RegisterWindow bar(int index) {
        if (index == 3) {
            return super.bar(3);
        }
        if (index > 1) {
            throw new AccessFault("no BAR " + index);
        }
        return new RegisterWindow() {
            @Override
            public int length() {
                return 4096;
            }

            @Override
            public int read32(int offset) {
                return index == 1 ? control(offset) : offset < 8 * 25 && masked[offset / 8] ? 1 : 0;
            }

            @Override
            public void write32(int offset, int value) {
                if (index == 1) {
                    control(offset, value);
                } else if (offset < 8 * 25) {
                    masked[offset / 8] = value != 0;
                    deliver(offset / 8);
                }
            }
        };
    }

    private int control(int offset) {
        return switch (offset) {
            case 0x00, 0x08 -> 1;
            case 0x20 -> result;
            case 0x28 -> 0x00000002;
            case 0x30 -> 0x0100;
            default -> 0;
        };
    }

    private void control(int offset, int value) {
        switch (offset) {
            case 0x10 -> staged = Integer.toUnsignedLong(value);
            case 0x18 -> shared = staged | (long) value << 32;
            case 0x20 -> {
                commands.add(value);
                result = command(value);
            }
            case 0x40 -> memory.putInt(shared + 0x2B8, memory.getInt(shared + 0x2B8) & ~value);
            default -> { }
        }
    }

    private int command(int code) {
        switch (code) {
            case 0xCAFE0000:
                active = shared != 0 && word(0) == 0xBABEFEE1;
                script.area = active ? memory.getLong(shared + 0x2B0) : 0;
                return active ? 0 : 1;
            case 0xCAFE0001, 0xCAFE0002:
                active = false;
                return 0;
            case 0xCAFE000A:
                active = false;
                return script.stopEmulation(word(0x2C0));
            case 0xCAFE000B:
                return script.loadPlugin(word(0x2C0), word(0x2C4));
            case 0xCAFE000C:
                return script.activateVf(word(0x2C0), word(0x2C4));
            case 0xF00D0002:
                return 10_000 << 16 | 1;
            default:
                return 0;
        }
    }
}
