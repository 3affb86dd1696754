package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;

/** The elements of a ring's pages that point to the next page. §3 */
final class PageLinks {

    static final int PAGE = 4096;

    private PageLinks() {}

    /** Writes the link element at {@code at} bytes of page {@code page}. */
    static void link(DmaMemory ring, int page, int at, long next) {
        ring.putLong(page * PAGE + at, next);
    }
}
