package dev.npa.plugin.broadcom.regs;

import dev.npa.hw.DmaMemory;

/**
 * Rings as circular chains of 4 KiB pages, the last element of each page pointing to the next page. Indices run freely
 * and count the linking elements too; the device sees their low 16 bits. §3
 */
public enum PageChain {
    /** Transmit descriptors of 16 bytes; the last of 256 links. */
    TX_BD(4, 255),
    /** Receive buffers and SGEs of 8 bytes; number 510 links, 511 is not used. */
    RX_BD(3, 510),
    /** Completions of 64 bytes; the last of 64 links. */
    RCQ(6, 63);

    /** Bytes of a page. */
    public static final int PAGE = 4096;

    private final int shift;
    private final int link;

    PageChain(int shift, int link) {
        this.shift = shift;
        this.link = link;
    }

    /** Elements of a page, links included. */
    public int perPage() {
        return PAGE >>> shift;
    }

    /** Elements from a position on, which is not a link's, up to the next link. */
    public int left(int position) {
        return link - (position & perPage() - 1);
    }

    /** The least power of two of pages, at least {@code least}, that has {@code wanted} usable elements. */
    public int pages(int wanted, int least) {
        int pages = least;
        while (pages * link < wanted) {
            pages *= 2;
        }
        return pages;
    }

    /** Writes the links of a ring that fills {@code ring}. */
    public void link(DmaMemory ring) {
        for (int page = 0; page < ring.length(); page += PAGE) {
            ring.putLong(page + (link << shift), ring.address() + (page + PAGE) % ring.length());
        }
    }

    /** The transmit descriptor after {@code i}. */
    public static int nextTxBd(int i) {
        return (i & 255) == 254 ? i + 2 : i + 1;
    }

    /** The receive buffer or SGE after {@code i}. */
    public static int nextRxBd(int i) {
        return (i & 511) == 509 ? i + 3 : i + 1;
    }

    /** The completion after {@code i}. */
    public static int nextCqe(int i) {
        return (i & 63) == 62 ? i + 2 : i + 1;
    }
}
