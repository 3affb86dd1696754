package dev.npa.benchmarks.device;

import dev.npa.hw.PhysicalMemory;
import java.util.Arrays;

/**
 * The device's place in a ring of the 57712: a circular chain of pages, each of which ends in a link to the next.
 * Positions run freely in 16 bits and count the links. 57712 §3
 */
final class PageRing {

    private static final int PAGE_SHIFT = 12;
    private static final int MOST_PAGES = 64;

    private final long[] pages;
    private final int shift;
    private final int perPage;
    private final int usable;
    int position;
    private int saved;

    /**
     * Walks the links of a chain.
     *
     * @param first address of the first page
     * @param shift log2 of the bytes of an element
     * @param usable elements of a page before its link
     */
    PageRing(PhysicalMemory memory, long first, int shift, int usable) {
        this.shift = shift;
        this.perPage = 1 << PAGE_SHIFT - shift;
        this.usable = usable;
        long[] found = new long[MOST_PAGES];
        int count = 0;
        long page = first;
        do {
            found[count++] = page;
            page = memory.getLong(page + ((long) usable << shift));
        } while (page != first && count < MOST_PAGES);
        if (page != first) {
            throw new IllegalStateException("the pages from 0x" + Long.toHexString(first) + " are no circle of at most "
                    + MOST_PAGES);
        }
        this.pages = Arrays.copyOf(found, count);
    }

    /** Address of the element at the position. */
    long at() {
        return pages[position >>> PAGE_SHIFT - shift & pages.length - 1] + ((long) (position & perPage - 1) << shift);
    }

    /** Number of the element at the position. */
    int slot() {
        return position & pages.length * perPage - 1;
    }

    /** Elements, links among them, up to a producer. */
    int distance(int producer) {
        return producer - position & pages.length * perPage - 1;
    }

    void step() {
        int next = position + 1;
        position = ((next & perPage - 1) == usable ? next + perPage - usable : next) & 0xFFFF;
    }

    void save() {
        saved = position;
    }

    void restore() {
        position = saved;
    }
}
