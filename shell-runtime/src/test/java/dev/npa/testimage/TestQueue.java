package dev.npa.testimage;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import java.util.ArrayDeque;

/** A queue pair of the test device; each has its own bank of registers. */
public final class TestQueue implements TxQueue, RxQueue {

    /** Bytes of a bank. */
    public static final int BANK = 0x40;
    public static final int TX_LO = 0x00;
    public static final int TX_HI = 0x04;
    /** Length in bits 0..15, bit 16 = end of packet; writing sends. */
    public static final int TX_LENGTH = 0x08;
    /** Read: packets sent since reset. */
    public static final int TX_DONE = 0x0C;
    public static final int RX_LO = 0x10;
    /** Writing posts a buffer. */
    public static final int RX_HI = 0x14;
    /** Read: length of the oldest filled buffer, bit 16 = end of packet, taken by the read; 0 = none. */
    public static final int RX_LENGTH = 0x18;
    public static final int RX_FLAGS = 0x1C;
    public static final int RX_OFFLOAD_LO = 0x20;
    public static final int RX_OFFLOAD_HI = 0x24;
    /** Requests of the packet whose first segment is next. */
    public static final int TX_FLAGS = 0x28;
    public static final int TX_OFFLOAD_LO = 0x2C;
    public static final int TX_OFFLOAD_HI = 0x30;
    /** Vector that the queue raises. */
    public static final int VECTOR = 0x34;

    /** Buffers that each queue posts. */
    public static final int POSTED = 48;
    private static final int LARGEST = 34;

    private final int number;
    private final Shell shell;
    private final RegisterWindow registers;
    private final int ring;
    /** Segments of each packet that is not reported. */
    private final ArrayDeque<Integer> sent = new ArrayDeque<>();
    private final ArrayDeque<long[]> posted = new ArrayDeque<>();
    private final long[] takenAddress = new long[POSTED];
    private final int[] takenHandle = new int[POSTED];
    private int used;
    private int outstanding;
    private int completed;
    private boolean aborting;
    private long packets;

    TestQueue(int number, Shell shell, RegisterWindow registers, int ring) {
        this.number = number;
        this.shell = shell;
        this.registers = registers;
        this.ring = ring;
    }

    /** Offset of a queue's register. */
    public static int at(int queue, int register) {
        return queue * BANK + register;
    }

    static void fault(RegisterWindow registers, int kind) {
        if (registers.read32(TestPlugin.FAULT) == kind) {
            throw new TestPlugin.PluginFailure("the test wants fault " + kind);
        }
    }

    private int read(int register) {
        return registers.read32(at(number, register));
    }

    private void write(int register, int value) {
        registers.write32(at(number, register), value);
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        fault(registers, TestPlugin.FAULT_TX);
        int i = from;
        while (i < to) {
            int end = i;
            while ((burst.flags(end) & PacketFlags.EOP) == 0) {
                end++;
            }
            if (used + end + 1 - i > ring) {
                return i;
            }
            write(TX_FLAGS, burst.flags(i));
            write(TX_OFFLOAD_LO, (int) burst.offload(i));
            write(TX_OFFLOAD_HI, (int) (burst.offload(i) >>> 32));
            sent.add(end + 1 - i);
            used += end + 1 - i;
            for (; i <= end; i++) {
                write(TX_LO, (int) burst.address(i));
                write(TX_HI, (int) (burst.address(i) >>> 32));
                write(TX_LENGTH, burst.length(i) | (i == end ? 1 << 16 : 0));
            }
            outstanding++;
        }
        return i;
    }

    @Override
    public int reclaim(int budget) {
        int count = Math.min(aborting ? outstanding : read(TX_DONE) - completed, budget);
        for (int i = 0; i < count; i++) {
            used -= sent.remove();
        }
        completed += count;
        outstanding -= count;
        packets += aborting ? 0 : count;
        return aborting ? -count : count;
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        fault(registers, TestPlugin.FAULT_RX);
        int count = 0;
        while (count < budget && into.room() >= LARGEST && !posted.isEmpty()) {
            int flags = read(RX_FLAGS);
            long offload = Integer.toUnsignedLong(read(RX_OFFLOAD_LO)) | (long) read(RX_OFFLOAD_HI) << 32;
            int word = read(RX_LENGTH);
            if (word == 0) {
                break;
            }
            int first = into.size();
            int total = 0;
            boolean end = false;
            while (!end) {
                end = (word & 1 << 16) != 0;
                add(into, word & 0xFFFF, (total == 0 ? PacketFlags.SOP | flags : 0) | (end ? PacketFlags.EOP : 0));
                total += word & 0xFFFF;
                word = end ? 0 : read(RX_LENGTH);
            }
            into.packetLength(first, total);
            into.offload(first, offload);
            count++;
        }
        refill();
        return count;
    }

    private void add(PacketBurst into, int length, int flags) {
        long[] buffer = posted.remove();
        boolean foreign = registers.read32(TestPlugin.FAULT) == TestPlugin.FAULT_FOREIGN_BUFFER;
        int i = into.add(buffer[0], foreign ? (int) buffer[1] + 1 : (int) buffer[1], length, flags);
        into.lro(i, 0, 0);
        if ((flags & PacketFlags.RX_LRO) != 0) {
            into.lro(i, 3, 100);
        }
    }

    void refill() {
        int taken = shell.buffers().take(takenAddress, takenHandle, 0, POSTED - posted.size());
        for (int i = 0; i < taken; i++) {
            posted.add(new long[] {takenAddress[i], takenHandle[i]});
            write(RX_LO, (int) takenAddress[i]);
            write(RX_HI, (int) (takenAddress[i] >>> 32));
        }
    }

    void stop() {
        int[] back = posted.stream().mapToInt(buffer -> (int) buffer[1]).toArray();
        posted.clear();
        shell.buffers().give(back, 0, back.length);
        aborting = true;
    }

    @Override
    public int outstanding() {
        return outstanding;
    }

    @Override
    public long counter(QueueCounter counter) {
        return counter == QueueCounter.PACKETS ? packets : 0;
    }
}
