package dev.npa.shell.runtime.windows;

/** All net buffer lists of a guest. One for each packet buffer is enough, since a packet has at least one. */
final class NetBufferListPool {

    private final NetBufferList[] free;
    private int count;

    NetBufferListPool(int size) {
        free = new NetBufferList[size];
        for (int i = 0; i < size; i++) {
            free[i] = new NetBufferList();
        }
        count = size;
    }

    /** A blank list. There is one for every packet buffer that the caller can hold. */
    NetBufferList allocate() {
        return free[--count];
    }

    /** Takes one list back, not its chain. */
    void free(NetBufferList list) {
        list.reset();
        free[count++] = list;
    }
}
