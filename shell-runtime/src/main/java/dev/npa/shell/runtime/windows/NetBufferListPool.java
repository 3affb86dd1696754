package dev.npa.shell.runtime.windows;

/**
 * All net buffer lists of a guest. One for each packet buffer is enough, since a packet has at least one; those are made
 * that are in use at a time, which are far fewer.
 */
final class NetBufferListPool {

    private final NetBufferList[] free;
    private int count;

    NetBufferListPool(int size) {
        free = new NetBufferList[size];
    }

    /** A blank list. There is one for every packet buffer that the caller can hold. */
    NetBufferList allocate() {
        return count > 0 ? free[--count] : new NetBufferList();
    }

    /** Takes one list back, not its chain. */
    void free(NetBufferList list) {
        list.reset();
        free[count++] = list;
    }
}
