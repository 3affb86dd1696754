package dev.npa.benchmarks.device;

import dev.npa.hw.PhysicalMemory;

/** The device's place in a ring of 16-byte descriptors whose generation flips with every lap. vmxnet3 §10 */
final class GenerationRing {

    private long base;
    private int size;
    int index;
    int generation = 1;
    private int savedIndex;
    private int savedGeneration;

    /** Starts at slot 0 with generation 1 in the ring that a queue descriptor names. */
    void place(PhysicalMemory memory, long descriptor, int baseField, int sizeField) {
        base = memory.getLong(descriptor + baseField);
        size = memory.getInt(descriptor + sizeField);
        index = 0;
        generation = 1;
    }

    long at() {
        return base + ((long) index << 4);
    }

    void step() {
        if (++index == size) {
            index = 0;
            generation ^= 1;
        }
    }

    void save() {
        savedIndex = index;
        savedGeneration = generation;
    }

    void restore() {
        index = savedIndex;
        generation = savedGeneration;
    }
}
