package dev.npa.shell.runtime.windows;

/** A chain of net buffer lists with its ends, so that chains are joined without walking. */
final class NetBufferListChain {

    private NetBufferList first;
    private NetBufferList last;
    private int count;

    NetBufferList first() {
        return first;
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return first == null;
    }

    void append(NetBufferList list) {
        list.next = null;
        if (last == null) {
            first = list;
        } else {
            last.next = list;
        }
        last = list;
        count++;
    }

    /** Moves all of another chain behind this one. */
    void appendAll(NetBufferListChain other) {
        if (other.first == null) {
            return;
        }
        if (last == null) {
            first = other.first;
        } else {
            last.next = other.first;
        }
        last = other.last;
        count += other.count;
        other.first = null;
        other.last = null;
        other.count = 0;
    }

    /** Takes the first list off; null if there is none. */
    NetBufferList remove() {
        NetBufferList list = first;
        if (list != null) {
            first = list.next;
            if (first == null) {
                last = null;
            }
            list.next = null;
            count--;
        }
        return list;
    }
}
