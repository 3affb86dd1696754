package dev.npa.sim.machine;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;

/** A PCI function with 256 bytes of memory as its configuration space and as BAR 0. */
final class FakeFunction implements PciFunction {

    final int[] config = new int[64];
    final int[] registers = new int[64];

    @Override
    public PciIdentity identity() {
        return new PciIdentity(0x8086, 0x10ED, 0, 0, 1);
    }

    @Override
    public int readConfig(int offset, int width) {
        int word = config[offset >> 2] >>> 8 * (offset & 3);
        return width == 4 ? word : word & (1 << 8 * width) - 1;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        config[offset >> 2] = value;
    }

    @Override
    public RegisterWindow bar(int index) {
        if (index != 0) {
            throw new AccessFault("no BAR " + index);
        }
        return new RegisterWindow() {
            @Override
            public int length() {
                return 256;
            }

            @Override
            public int read32(int offset) {
                return registers[offset >> 2];
            }

            @Override
            public void write32(int offset, int value) {
                registers[offset >> 2] = value;
            }
        };
    }
}
