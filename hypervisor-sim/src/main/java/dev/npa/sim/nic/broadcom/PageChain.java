package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaPort;

/**
 * The consumer of a ring that is a circle of 4 KiB pages, each ending in a link to the next, 57712 §3. Indices are
 * free-running 16 bits and count the link elements. The links are followed once, when the ring is first used.
 *
 * <p>Producers come in two styles: free-running, or masked to the size of the ring. A value of at least the ring's size
 * tells the first from the second; below it both mean the same.
 */
final class PageChain {

    static final int PAGE = 4096;
    private static final int MAX_PAGES = 64;

    private final int shift;
    private final int perPage;
    private final int usable;
    private final long[] pages = new long[MAX_PAGES];
    private DmaPort port;
    private int count;
    private int entries;
    private boolean broken;
    private boolean freeRunning;
    /** Next element to consume, 0..65535; it may rest on a link. */
    private int consumer;

    /**
     * Makes a chain without pages.
     *
     * @param shift log2 of the bytes of an element
     * @param links elements at the end of a page that hold the link: 2 for 8-byte elements, else 1
     */
    PageChain(int shift, int links) {
        this.shift = shift;
        this.perPage = PAGE >> shift;
        this.usable = perPage - links;
    }

    /** Begins anew at a base address; pages are looked at later. */
    void start(DmaPort newPort, long base) {
        port = newPort;
        pages[0] = base;
        count = 0;
        entries = 0;
        broken = (base & PAGE - 1) != 0 || base == 0;
        freeRunning = false;
        consumer = 0;
    }

    /** Follows the links; false if they do not form a circle. May fault. */
    boolean walk() {
        if (entries == 0 && !broken) {
            int n = 1;
            long next = port.readLong(pages[0] + ((long) usable << shift));
            while (next != pages[0] && n < MAX_PAGES && (next & PAGE - 1) == 0) {
                pages[n++] = next;
                next = port.readLong(next + ((long) usable << shift));
            }
            broken = next != pages[0] || Integer.bitCount(n) != 1;
            count = n;
            entries = broken ? 0 : n * perPage;
        }
        return !broken;
    }

    boolean isBroken() {
        return broken;
    }

    /** Elements of the ring, links included; 0 before the walk. */
    int entries() {
        return entries;
    }

    int pages() {
        return count;
    }

    int consumer() {
        return consumer;
    }

    /** Elements, links included, from the consumer to a producer; -1 if the producer is outside the ring. */
    int available(int producer) {
        if (producer >= entries) {
            freeRunning = true;
        }
        int distance = producer - consumer & 0xFFFF;
        if (!freeRunning) {
            return distance & entries - 1;
        }
        return distance <= entries ? distance : -1;
    }

    /** Whether {@code n} elements, links not counted, are there below a producer. Needs a walked chain. */
    boolean has(int producer, int n) {
        int left = available(producer);
        int at = consumer;
        for (int i = 0; i < n; i++) {
            int over = skip(at);
            left -= over + 1;
            if (left < 0) {
                return false;
            }
            at = at + over + 1 & 0xFFFF;
        }
        return true;
    }

    private int skip(int index) {
        int slot = index & perPage - 1;
        return slot < usable ? 0 : perPage - slot;
    }

    /** The first element at or behind an index that is not a link. */
    int settle(int index) {
        return index + skip(index) & 0xFFFF;
    }

    /** Takes the next element: returns its index; the consumer moves just behind it. */
    int take() {
        int at = settle(consumer);
        consumer = at + 1 & 0xFFFF;
        return at;
    }

    /** Moves the consumer. */
    void consumer(int index) {
        consumer = index & 0xFFFF;
    }

    /** Address of an element. */
    long address(int index) {
        int slot = index & entries - 1;
        return pages[slot / perPage] + ((long) (slot & perPage - 1) << shift);
    }

    /** Slot of an index, as if the ring were flat. */
    int slot(int index) {
        return index & entries - 1;
    }
}
