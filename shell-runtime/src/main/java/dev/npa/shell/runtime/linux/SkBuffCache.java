package dev.npa.shell.runtime.linux;

/** Slab of socket buffers. One for each packet buffer is enough, since a packet has at least one. */
final class SkBuffCache {

    private final SkBuff[] free;
    private int count;

    SkBuffCache(int size) {
        free = new SkBuff[size];
        for (int i = 0; i < size; i++) {
            free[i] = new SkBuff();
        }
        count = size;
    }

    /** A blank socket buffer. There is one for every packet buffer that the caller can hold. */
    SkBuff alloc() {
        return free[--count];
    }

    /** Takes a socket buffer back, whose fragments somebody else has freed or taken. */
    void free(SkBuff skb) {
        skb.reset();
        free[count++] = skb;
    }
}
