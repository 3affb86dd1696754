package dev.npa.pf.broadcom;

import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A PF of a 57712 that records what is written to it and executes ramrods, copies and final cleanups in the write that
 * starts them, keeping the rules of the switch in maps. Configuration space has an SR-IOV capability.
 */
final class FakePath implements RegisterWindow, PciFunction {

    static final int SRIOV = 0x1C0;
    static final int CSTORM = 0x410000;
    static final int XSTORM = 0x420000;

    /** A ramrod that was executed; data is the first 512 bytes at its address, if it has one. */
    record Executed(int command, int type, int function, int cid, long data, byte[] bytes) {
        int u8(int at) {
            return bytes[at] & 0xFF;
        }

        int u16(int at) {
            return u8(at) | u8(at + 1) << 8;
        }

        long u64(int at) {
            long value = 0;
            for (int i = 7; i >= 0; i--) {
                value = value << 8 | u8(at + i);
            }
            return value;
        }
    }

    final Map<Integer, Integer> registers = new HashMap<>();
    /** Registers written under pretend, by VF and offset. */
    final Map<String, Integer> vfRegisters = new HashMap<>();
    /** Register and configuration writes in their order; under pretend with the VF in front. */
    final List<String> writes = new ArrayList<>();
    final List<Executed> ramrods = new ArrayList<>();
    final Map<Integer, Set<String>> macs = new TreeMap<>();
    final Map<Integer, Set<Integer>> vlans = new TreeMap<>();
    final Map<Integer, Set<Integer>> bins = new TreeMap<>();
    final Map<Integer, Integer> accept = new TreeMap<>();
    final Map<Integer, byte[]> clients = new TreeMap<>();
    /** Commands, as type * 256 + number, that the device refuses or never completes. */
    final Set<Integer> refused = new HashSet<>();
    final Set<Integer> mute = new HashSet<>();
    final Map<Integer, Integer> errorDrops = new HashMap<>();
    final int[] config = new int[1024];
    final FakeHost host;
    boolean cleanupHangs;
    boolean holdHangs;
    boolean gone;
    int pretending = -1;
    private int slowPathConsumer;
    private int events;
    private int completions;
    private long leadingRcq;

    FakePath() {
        config[0x100 / 4] = 0x1B8 << 20 | 1 << 16 | 0x0003;
        config[0x1B8 / 4] = SRIOV << 20 | 1 << 16 | 0x000E;
        config[SRIOV / 4] = 1 << 16 | 0x0010;
        config[(SRIOV + 0x0C) / 4] = 64 << 16 | 64;
        registers.put(0xA408, 0x1662);
        registers.put(0xA2B4, 0xA8000);
        registers.put(0xA8100, 0x0010);
        registers.put(0xA8104, 0x18000001);
        registers.put(0x10328, 1 << 15);
        host = new FakeHost(this);
    }

    int reg(int offset) {
        return registers.getOrDefault(offset, 0);
    }

    int vfReg(int vf, int offset) {
        return vfRegisters.getOrDefault(vf + ":" + offset, 0);
    }

    private long reg64(int offset) {
        return Integer.toUnsignedLong(reg(offset)) | (long) reg(offset + 4) << 32;
    }

    List<String> takeWrites() {
        List<String> taken = List.copyOf(writes);
        writes.clear();
        return taken;
    }

    /** Commands executed since the last call, as {@code type/command/cid}. */
    List<String> takeRamrods() {
        List<String> taken = ramrods.stream().map(r -> r.type + "/" + r.command + "/" + r.cid).toList();
        ramrods.clear();
        return taken;
    }

    Executed last(int command) {
        for (int i = ramrods.size() - 1; i >= 0; i--) {
            if (ramrods.get(i).command == command) {
                return ramrods.get(i);
            }
        }
        throw new AssertionError("no ramrod " + command + " in " + ramrods);
    }

    @Override
    public int length() {
        return 8 << 20;
    }

    @Override
    public int read32(int offset) {
        if (gone) {
            return -1;
        }
        if (offset == 0x601F0) {
            return reg(offset) | (holdHangs ? 0 : 1 << 31);
        }
        return reg(offset);
    }

    @Override
    public void write32(int offset, int value) {
        writes.add((pretending >= 0 ? "v" + pretending + ":" : "") + String.format("%06x=%08x", offset, value));
        if (offset == 0x120674) {
            pretending = (value & 8) != 0 ? value >>> 4 : -1;
        } else if (pretending >= 0) {
            vfRegisters.put(pretending + ":" + offset, value);
        } else {
            registers.put(offset, value);
            started(offset, value);
        }
    }

    private void started(int offset, int value) {
        if (offset == XSTORM + 0xC008) {
            while (slowPathConsumer != value) {
                execute(reg64(XSTORM + 0xC000) + (slowPathConsumer & 255) * 16L);
                slowPathConsumer += (slowPathConsumer & 255) == 254 ? 2 : 1;
            }
        } else if (offset == XSTORM + 0xC000) {
            slowPathConsumer = 0;
            events = 0;
            completions = 0;
        } else if (offset == 0x102080) {
            int bytes = 4 * (reg(0x102414) & 0xFFFF);
            host.memory.copy(reg64(0x102404), reg64(0x10240C), bytes);
            host.memory.putInt(reg64(0x102418), reg(0x102420));
        } else if (offset == 0x1664C4 && !cleanupHangs) {
            registers.put(CSTORM + 0x11AC + 8 * (value & 0x7F), 1);
        }
    }

    private void execute(long at) {
        int first = host.memory.getInt(at);
        int typeAndFunction = host.memory.getShort(at + 4);
        long data = host.memory.getLong(at + 8);
        byte[] bytes = new byte[512];
        if (host.memory.contains(data, 512)) {
            host.memory.copyTo(data, bytes, 0, 512);
        }
        Executed r = new Executed(first >>> 24, typeAndFunction & 0xFF, typeAndFunction >>> 8 & 0xFF,
                first & 0xFFFFFF, data, bytes);
        ramrods.add(r);
        int id = r.type * 256 + r.command;
        if (mute.contains(id)) {
            return;
        }
        boolean error = refused.contains(id);
        if (id == 1 && r.cid == 0) {
            leadingRcq = r.u64(16 + 40);
        }
        if (!error) {
            apply(r);
        }
        complete(r, error);
    }

    private void apply(Executed r) {
        if (r.type == 8) {
            if (r.command == 6) {
                statistics(r);
            }
            return;
        }
        switch (r.command) {
            case 1 -> {
                clients.put(r.u8(0), r.bytes);
                accept.put(r.u8(0), r.u16(96 + 16));
            }
            case 7 -> clients.remove((int) r.data);
            case 9, 10, 11 -> {
                for (int i = 0; i < r.u8(0); i++) {
                    rule(r, 8 + 16 * i);
                }
            }
            default -> { }
        }
    }

    private void statistics(Executed r) {
        for (int i = 0; i < r.u8(0); i++) {
            int at = 16 * (1 + i);
            host.memory.putInt(r.u64(at + 8) + 148, errorDrops.getOrDefault(r.u8(at + 1), 0));
        }
    }

    private void rule(Executed r, int at) {
        int client = r.u8(at + 2);
        if (r.command == 10) {
            accept.put(client, r.u16(at + 4));
        } else if (r.command == 11) {
            change(bins, r.u8(at + 3), client, (r.u8(at) & 4) != 0);
        } else if ((r.u8(at) >> 2 & 3) == 1) {
            change(vlans, client, r.u16(at + 14), (r.u8(at) & 16) != 0);
        } else {
            change(macs, client, String.format("%04x%04x%04x", r.u16(at + 12), r.u16(at + 10), r.u16(at + 8)),
                    (r.u8(at) & 16) != 0);
        }
    }

    private static <T> void change(Map<Integer, Set<T>> map, int key, T value, boolean add) {
        Set<T> set = map.computeIfAbsent(key, k -> new TreeSet<>());
        if (add) {
            set.add(value);
        } else {
            set.remove(value);
        }
    }

    private void complete(Executed r, boolean error) {
        if (r.type == 0 && r.command <= 8) {
            long at = leadingRcq + (completions & 63) * 64L;
            host.memory.putByte(at, (byte) (error ? 5 : 1));
            host.memory.putInt(at + 4, r.command << 24 | r.cid);
            host.memory.putInt(at + 60, 0);
            completions += (completions & 63) == 62 ? 2 : 1;
            return;
        }
        int opcode = r.type == 8 ? Map.of(1, 1, 2, 2, 4, 3, 6, 5).get(r.command)
                : Map.of(9, 15, 10, 16, 11, 17, 12, 11).get(r.command);
        event(opcode, error ? 1 : 0, r.cid, 0);
    }

    /** The device writes an event and counts it. */
    void event(int opcode, int error, int word, long data) {
        long at = reg64(CSTORM + 0x5900) + (events & 255) * 16L;
        host.memory.putByte(at, (byte) opcode);
        host.memory.putByte(at + 1, (byte) error);
        host.memory.putInt(at + 4, word);
        host.memory.putLong(at + 8, data);
        events += (events & 255) == 254 ? 2 : 1;
        long block = reg64(CSTORM + 0xF640);
        host.memory.putShort(block + 16 + 14, (short) events);
        host.memory.putShort(block + 8, (short) (host.memory.getShort(block + 8) + 1));
    }

    /** The link changes. */
    void link(boolean up) {
        registers.put(0x10328, up ? 1 << 15 : 0);
        long block = reg64(CSTORM + 0xF640);
        host.memory.putInt(block, host.memory.getInt(block) ^ 1);
        host.memory.putShort(block + 8, (short) (host.memory.getShort(block + 8) + 1));
    }

    @Override
    public PciIdentity identity() {
        return new PciIdentity(0x14E4, 0x1662, 0, 0, 0);
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
        return index == 0 ? this : new RegisterWindow() {
            @Override
            public int length() {
                return 65536;
            }

            @Override
            public int read32(int offset) {
                return 0;
            }

            @Override
            public void write32(int offset, int value) {
                writes.add(String.format("d%04x=%08x", offset, value));
            }
        };
    }
}
