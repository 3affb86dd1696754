package dev.npa.shell.runtime.linux;

/**
 * Slab of socket buffers. One for each packet buffer is enough, since a packet has at least one; those are made that are in
 * use at a time, which are far fewer.
 */
final class SkBuffCache {

    private final SkBuff[] free;
    private int count;

    SkBuffCache(int size) {
        free = new SkBuff[size];
    }

    /** A blank socket buffer. There is one for every packet buffer that the caller can hold. */
    SkBuff alloc() {
        return count > 0 ? free[--count] : new SkBuff();
    }

    /** Takes a socket buffer back, whose fragments somebody else has freed or taken. */
    void free(SkBuff skb) {
        skb.reset();
        free[count++] = skb;
    }
}
