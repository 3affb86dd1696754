package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.support.QueueCounts;

/** What transmit and receive rings have in common: memory, registers, tail, counters. */
public abstract class Ring {

    final DmaMemory ring;
    final int size;
    final RegisterWindow registers;
    final int base;
    final ChipQueues chip;
    final QueueCounts counts;
    int tail;

    Ring(DmaMemory ring, int size, RegisterWindow registers, int base, ChipQueues chip, QueueCounts counts) {
        this.ring = ring;
        this.size = size;
        this.registers = registers;
        this.base = base;
        this.chip = chip;
        this.counts = counts;
    }

    /** Reads a counter; callable from any thread. */
    public long counter(QueueCounter counter) {
        return counts.get(counter);
    }

    /** Writes a register of the queue. */
    final void write(int offset, int value) {
        registers.write32(base + offset, value);
    }

    /** Reads a register of the queue. */
    final int read(int offset) {
        return registers.read32(base + offset);
    }

    /** Gives the device the descriptors up to the tail; the register's write releases them. */
    final void publish() {
        write(QueueRegisters.TAIL, tail);
        counts.doorbells++;
    }
}
