package dev.npa.plugin.intel.scratch;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.ScratchDevice;
import dev.npa.plugin.intel.device.VfChip;
import dev.npa.plugin.intel.regs.AdvancedRxDescriptor;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.QueueRegisters;

/**
 * Queue pair 0 of a VF in memory: registers that keep what is written, a reset, DD or head write-back for transmits,
 * advanced write-back for received frames. What both chips share is all there is; the offsets of the queues and of the
 * control register are the chip's.
 */
public final class IntelScratchDevice implements ScratchDevice {

    private static final int BYTES = 0x4000;
    private static final int RST = 1 << 26;
    private static final int BSIZEPACKET_MASK = 0x7F;
    /** DTYP of a data descriptor; a context descriptor has 2. 82599 §6.2 */
    private static final int DTYP_SHIFT = 20;
    private static final int DTYP_MASK = 0xF;
    private static final int DTYP_DATA = 3;
    /** q0 of a received frame: RSS hash of type TCP over IPv4; packet type IPv4, TCP. 82599 §6.5 */
    private static final long Q0 = 0x5EEDL << 32 | 1 << 8 | 1 << 4 | 1;
    /** q1: both checksums checked and right. 82599 §6.5 */
    private static final long Q1 = 1 << 5 | 1 << 6;

    private final DmaMemory memory;
    private final int control;
    private final int rx;
    private final int tx;
    private final int srrctl;
    private final int[] registers = new int[BYTES >> 2];
    private int txHead;
    private int rxHead;

    /**
     * Creates a VF in reset.
     *
     * @param chip what it stands for
     * @param memory what it may read and write
     */
    public IntelScratchDevice(VfChip chip, DmaMemory memory) {
        this.memory = memory;
        this.control = chip.control().control();
        this.rx = chip.rx();
        this.tx = chip.tx();
        this.srrctl = chip.queues().srrctl();
    }

    @Override
    public int barBytes(int bar) {
        return bar == 0 ? BYTES : 0;
    }

    @Override
    public int read32(int bar, int offset) {
        return registers[offset >> 2]; // the mailbox reads 0: no reset of the PF is under way, 82599 §4
    }

    @Override
    public void write32(int bar, int offset, int value) {
        registers[offset >> 2] = value;
        if (offset == control && (value & RST) != 0) {
            registers[control >> 2] = 0;
            registers[rx + QueueRegisters.DCTL >> 2] = 0;
            registers[tx + QueueRegisters.DCTL >> 2] = 0;
        }
        if (offset == tx + QueueRegisters.HEAD) {
            txHead = value;
        } else if (offset == rx + QueueRegisters.HEAD) {
            rxHead = value;
        }
    }

    private int get(int queue, int register) {
        return registers[queue + register >> 2];
    }

    /** Offset of a queue's ring in the memory. */
    private int ring(int queue) {
        return offset((long) get(queue, QueueRegisters.BAH) << 32
                | Integer.toUnsignedLong(get(queue, QueueRegisters.BAL)));
    }

    private int offset(long address) {
        return (int) (address - memory.address());
    }

    @Override
    public int send(int budget) {
        int ring = ring(tx);
        int size = get(tx, QueueRegisters.LEN) >> AdvancedTxDescriptor.SHIFT;
        int tail = get(tx, QueueRegisters.TAIL);
        int writeBack = get(tx, QueueRegisters.TDWBAL);
        int head = txHead;
        int packets = 0;
        while (head != tail && packets < budget) {
            int at = ring + (head << AdvancedTxDescriptor.SHIFT) + 8;
            long q1 = memory.getLong(at);
            boolean data = ((int) q1 >>> DTYP_SHIFT & DTYP_MASK) == DTYP_DATA;
            if (data && (q1 & AdvancedTxDescriptor.RS) != 0 && (writeBack & QueueRegisters.TDWBAL_ENABLE) == 0) {
                memory.putLong(at, q1 | AdvancedTxDescriptor.DD); // with head write-back none is written, §7
            }
            packets += data && (q1 & AdvancedTxDescriptor.EOP) != 0 ? 1 : 0;
            head = head + 1 == size ? 0 : head + 1;
        }
        txHead = head;
        if ((writeBack & QueueRegisters.TDWBAL_ENABLE) != 0 && packets > 0) {
            long address = (long) get(tx, QueueRegisters.TDWBAH) << 32 | Integer.toUnsignedLong(writeBack);
            memory.putInt(offset(address & ~3L), head);
        }
        return packets;
    }

    @Override
    public int receive(int frames, int length) {
        int ring = ring(rx);
        int size = get(rx, QueueRegisters.LEN) >> AdvancedRxDescriptor.SHIFT;
        int tail = get(rx, QueueRegisters.TAIL);
        int buffer = (get(rx, srrctl) & BSIZEPACKET_MASK) * QueueRegisters.BSIZEPACKET_UNIT;
        int needed = (length + buffer - 1) / buffer;
        int head = rxHead;
        int received = 0;
        while (received < frames && (tail - head + size) % size >= needed) {
            for (int left = length; left > 0; left -= buffer) {
                int at = ring + (head << AdvancedRxDescriptor.SHIFT);
                memory.putLong(at, Q0);
                memory.putLong(at + 8, Q1 | (long) Math.min(left, buffer) << 32 | AdvancedRxDescriptor.DD
                        | (left <= buffer ? AdvancedRxDescriptor.EOP : 0));
                head = head + 1 == size ? 0 : head + 1;
            }
            received++;
        }
        rxHead = head;
        return received;
    }
}
