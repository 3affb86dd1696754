package dev.npa.pf.kawela;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.pf.PfHost;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.ShellLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A PF of an 82576 that records what is written to it, with the few registers that answer: reset, hold, mailbox, causes,
 * clear-on-read and write-1-to-clear. Its numbers are those of the fact sheet, not of the code under test.
 */
final class FakeKawelaPf implements RegisterWindow, PciFunction, PfHost {

    static final int SRIOV = 0x160;

    final Map<Integer, Integer> registers = new HashMap<>();
    /** Register and configuration writes in their order; configuration offsets begin with c. */
    final List<String> writes = new ArrayList<>();
    final TestMachine machine = new TestMachine(this, new PciIdentity(0x8086, 0x10C9, 0, 0, 1));
    final int[] config = new int[1024];
    /** VF mailbox bits as the VF sees them: STS 16, ACK 32. */
    final int[] toVf = new int[8];
    final boolean[] vfu = new boolean[8];
    final boolean[] pfu = new boolean[8];
    boolean neverHeld;
    boolean gone;
    int vectors = 2;

    FakeKawelaPf() {
        config[0x100 / 4] = 0x150 << 20 | 1 << 16 | 0x0001;
        config[0x150 / 4] = SRIOV << 20 | 1 << 16 | 0x000E;
        config[SRIOV / 4] = 1 << 16 | 0x0010;
        config[(SRIOV + 0x0C) / 4] = 8 << 16 | 8;
        registers.put(8, 2 << 6 | 2);
        registers.put(0x5400, 0x33221100);
        registers.put(0x5404, 0x8000_5544);
        registers.put(0xC8C, 0xFF);
        registers.put(0xC90, 0xFF);
        registers.put(0x3590, 0x44);
    }

    int reg(int offset) {
        return registers.getOrDefault(offset, 0);
    }

    long reg64(int offset) {
        return Integer.toUnsignedLong(reg(offset)) | (long) reg(offset + 4) << 32;
    }

    /** Writes since the last call. */
    List<String> takeWrites() {
        List<String> taken = List.copyOf(writes);
        writes.clear();
        return taken;
    }

    @Override
    public int length() {
        return 0x20000;
    }

    @Override
    public int read32(int offset) {
        if (gone) {
            return -1;
        }
        if (offset == 0x1580 || offset == 0xC0 || offset == 0x41A0 || offset == 0x3554) { // read clears
            int value = reg(offset);
            registers.put(offset, 0);
            return value;
        }
        if (offset == 0x24F0) {
            return (reg(offset) & 1) == 0 ? 0 : neverHeld ? 1 : 0x8000_0001;
        }
        if (offset >= 0xC00 && offset < 0xC20) {
            int vf = (offset - 0xC00) / 4;
            return (vfu[vf] ? 4 : 0) | (pfu[vf] ? 8 : 0);
        }
        return reg(offset);
    }

    @Override
    public void write32(int offset, int value) {
        writes.add(String.format("%04x=%08x", offset, value));
        if (offset == 0 && (value & 1 << 26) != 0) {
            registers.put(0, value & ~(1 << 26));
            registers.put(0x18, 0);
            registers.put(0x24F0, 0);
        } else if (offset >= 0xC00 && offset < 0xC20) {
            mailbox((offset - 0xC00) / 4, value);
        } else if (offset == 0xC80 || offset == 0xC88) {
            registers.put(offset, reg(offset) & ~value);
        } else {
            registers.put(offset, value);
        }
    }

    private void mailbox(int vf, int value) {
        toVf[vf] |= (value & 1) << 4 | (value & 2) << 4;
        if ((value & 16) != 0) {
            vfu[vf] = false;
        }
        pfu[vf] = (value & 8) != 0 && !vfu[vf];
    }

    /** A VF sends a message, with the cause bits that raises. */
    void request(int vf, int... words) {
        for (int i = 0; i < words.length; i++) {
            registers.put(0x800 + 64 * vf + 4 * i, words[i]);
        }
        toVf[vf] = 0;
        registers.merge(0xC80, 1 << vf, (a, b) -> a | b);
        other(8);
    }

    /** A VF acknowledges. */
    void acknowledge(int vf) {
        registers.merge(0xC80, 1 << 16 + vf, (a, b) -> a | b);
        other(8);
    }

    /** What a reset of a VF does to the PF's registers. */
    void resetVf(int vf) {
        registers.merge(0xC88, 1 << vf, (a, b) -> a | b);
        registers.put(0xC8C, reg(0xC8C) & ~(1 << vf));
        registers.put(0xC90, reg(0xC90) & ~(1 << vf));
        registers.put(0x5480 + 4 * vf, 0);
        other(8);
    }

    /** A cause in ICR and the vector that IVAR_MISC gives it. */
    void other(int icrBit) {
        registers.merge(0xC0, 1 << icrBit, (a, b) -> a | b);
        int entry = reg(0x1740) >>> 8;
        if ((entry & 0x80) != 0 && (reg(0xD0) & 1 << icrBit) != 0) {
            registers.merge(0x1580, 1 << (entry & 0x1F), (a, b) -> a | b);
        }
    }

    int message(int vf, int word) {
        return reg(0x800 + 64 * vf + 4 * word);
    }

    @Override
    public PciIdentity identity() {
        return new PciIdentity(0x8086, 0x10C9, 0, 0, 1);
    }

    @Override
    public int readConfig(int offset, int width) {
        int value = config[offset / 4] >>> 8 * (offset & 3);
        return width == 4 ? value : value & (1 << 8 * width) - 1;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        writes.add(String.format("c%03x=%04x", offset, value));
        int shift = 8 * (offset & 3);
        int mask = width == 4 ? -1 : (1 << 8 * width) - 1 << shift;
        config[offset / 4] = config[offset / 4] & ~mask | value << shift & mask;
    }

    @Override
    public RegisterWindow bar(int index) {
        return this;
    }

    @Override
    public PciFunction function() {
        return this;
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        return machine.allocate(bytes, alignment);
    }

    @Override
    public void free(DmaMemory memory) {
        machine.free(memory);
    }

    @Override
    public PacketBuffers buffers() {
        return machine;
    }

    @Override
    public Clock clock() {
        return machine;
    }

    @Override
    public ShellLog log() {
        return machine;
    }
}
