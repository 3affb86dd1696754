package dev.npa.shell.runtime.linux;

/** A list of socket buffers, first in, first out. */
final class SkBuffQueue {

    private SkBuff head;
    private SkBuff tail;
    private int qlen;

    int qlen() {
        return qlen;
    }

    void enqueue(SkBuff skb) {
        skb.next = null;
        if (tail == null) {
            head = skb;
        } else {
            tail.next = skb;
        }
        tail = skb;
        qlen++;
    }

    /** The oldest; null if there is none. */
    SkBuff peek() {
        return head;
    }

    SkBuff dequeue() {
        SkBuff skb = head;
        if (skb != null) {
            head = skb.next;
            if (head == null) {
                tail = null;
            }
            skb.next = null;
            qlen--;
        }
        return skb;
    }
}
