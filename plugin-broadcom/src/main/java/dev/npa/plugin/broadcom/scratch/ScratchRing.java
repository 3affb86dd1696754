package dev.npa.plugin.broadcom.scratch;

import dev.npa.hw.DmaMemory;

/**
 * The device's place in a circular chain of pages, each of which ends in a link to the next. Positions run freely in 16
 * bits and count the links. §3
 */
final class ScratchRing {

    private static final int PAGE_SHIFT = 12;
    private static final int MOST_PAGES = 64;

    private final int[] pages = new int[MOST_PAGES];
    private final int shift;
    private final int perPage;
    private final int usable;
    private int count;
    private int position;

    /**
     * Walks the links of a chain.
     *
     * @param first address of the first page
     * @param shift log2 of the bytes of an element
     * @param usable elements of a page before its link
     */
    ScratchRing(DmaMemory memory, long first, int shift, int usable) {
        this.shift = shift;
        this.perPage = 1 << PAGE_SHIFT - shift;
        this.usable = usable;
        long page = first;
        do {
            pages[count] = (int) (page - memory.address());
            page = memory.getLong(pages[count++] + (usable << shift));
        } while (page != first && count < MOST_PAGES);
        if (page != first || Integer.bitCount(count) != 1) {
            throw new IllegalStateException("the pages from 0x" + Long.toHexString(first) + " are no circle of a power"
                    + " of two of at most " + MOST_PAGES);
        }
    }

    /** Offset in the memory of the element at the position. */
    int at() {
        return pages[position >>> PAGE_SHIFT - shift & count - 1] + ((position & perPage - 1) << shift);
    }

    /** Number of the element at the position. */
    int slot() {
        return position & count * perPage - 1;
    }

    int position() {
        return position;
    }

    /** Elements, links among them, up to a producer. */
    int distance(int producer) {
        return producer - position & count * perPage - 1;
    }

    void step() {
        int next = position + 1;
        position = ((next & perPage - 1) == usable ? next + perPage - usable : next) & 0xFFFF;
    }
}
