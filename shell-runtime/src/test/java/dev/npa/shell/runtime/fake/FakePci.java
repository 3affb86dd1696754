package dev.npa.shell.runtime.fake;

import dev.npa.hw.AccessFault;
import dev.npa.hw.InterruptController;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;

/**
 * A PCI function with configuration space, one register BAR (0) and an MSI-X table at 0x100 of BAR 3, capability at
 * 0x70 behind a power-management capability at 0x40. A VF's id registers read FFFF:FFFF.
 */
public class FakePci implements PciFunction {

    public static final int CAPABILITY = 0x70;
    public static final int TABLE_OFFSET = 0x100;

    public final int[] table;
    private final PciIdentity identity;
    private final byte[] config = new byte[4096];
    private final InterruptController interrupts;
    public boolean unplugged;
    public int unmaskedBeforeProgrammed;

    public FakePci(PciIdentity identity, int vectors, InterruptController interrupts) {
        this.identity = identity;
        this.interrupts = interrupts;
        this.table = new int[4 * vectors];
        for (int i = 0; i < vectors; i++) {
            table[4 * i + 3] = 1;
        }
        put(0, 4, 0xFFFFFFFF);
        put(6, 2, 1 << 4);
        put(0x34, 1, 0x40);
        put(0x40, 2, CAPABILITY << 8 | 0x01);
        put(CAPABILITY, 2, 0x11);
        put(CAPABILITY + 2, 2, vectors - 1);
        put(CAPABILITY + 4, 4, TABLE_OFFSET | 3);
    }

    private void put(int offset, int width, int value) {
        for (int i = 0; i < width; i++) {
            config[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    @Override
    public PciIdentity identity() {
        return identity;
    }

    @Override
    public int readConfig(int offset, int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value |= (unplugged ? 0xFF : config[offset + i] & 0xFF) << 8 * i;
        }
        return value;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        if (offset == 4 || offset == CAPABILITY + 2) {
            put(offset, width, offset == 4 ? value : value & 0xC000 | table.length / 4 - 1);
        }
    }

    /** Whether the function may do DMA, as its driver left it; also after it was unplugged. */
    public boolean isBusMaster() {
        return (config[4] & 4) != 0;
    }

    public void raise(int vector) {
        boolean enabled = (readConfig(CAPABILITY + 2, 2) & 0xC000) == 0x8000;
        if (enabled && isBusMaster() && (table[4 * vector + 3] & 1) == 0) {
            interrupts.raise(table[4 * vector + 2]);
        }
    }

    protected int read(int offset) {
        throw new AccessFault("register " + offset);
    }

    protected void write(int offset, int value) {
        throw new AccessFault("register " + offset);
    }

    @Override
    public RegisterWindow bar(int index) {
        if (index != 0 && index != 3) {
            throw new AccessFault("no BAR " + index);
        }
        return new RegisterWindow() {
            @Override
            public int length() {
                return 4096;
            }

            @Override
            public int read32(int offset) {
                return unplugged ? -1 : index == 0 ? read(offset) : table[(offset - TABLE_OFFSET) / 4];
            }

            @Override
            public void write32(int offset, int value) {
                if (unplugged) {
                    return;
                }
                if (index == 0) {
                    write(offset, value);
                    return;
                }
                int word = (offset - TABLE_OFFSET) / 4;
                table[word] = value;
                if (word % 4 == 3 && (value & 1) == 0 && table[word - 1] == 0) {
                    unmaskedBeforeProgrammed++;
                }
            }
        };
    }
}
