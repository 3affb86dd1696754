package dev.npa.plugin.vmxnet3;

/**
 * Arithmetic of a ring whose descriptors carry a generation bit. A <em>position</em> is 0..2*size-1: it names a slot
 * and which of two laps it is on, so that slot and generation follow from one number. The size need not be a power of
 * two.
 *
 * <p>A ring without generation bits, as most NICs have, gets by with slots alone, so there is no arithmetic for all
 * plugins to share.
 */
final class RingIndex {

    private final int size;
    private final int twoLaps;

    RingIndex(int size) {
        this.size = size;
        this.twoLaps = 2 * size;
    }

    int size() {
        return size;
    }

    /** Slot 0..size-1 of a position. */
    int slot(int position) {
        return position < size ? position : position - size;
    }

    /** Generation bit of a position: 1 on the first lap, 0 on the second, and so on. */
    int generation(int position) {
        return position < size ? 1 : 0;
    }

    /** The position {@code count} (0..2*size) further on. */
    int advance(int position, int count) {
        int sum = position + count;
        return sum < twoLaps ? sum : sum - twoLaps;
    }

    /** Steps from one position to another, 0..2*size-1. */
    int distance(int from, int to) {
        int difference = to - from;
        return difference < 0 ? difference + twoLaps : difference;
    }

    /** Steps from a position to the next one with this slot, 0..size-1; {@code slot} must be below the size. */
    int stepsToSlot(int from, int slot) {
        int difference = slot - slot(from);
        return difference < 0 ? difference + size : difference;
    }
}
