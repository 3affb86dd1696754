package dev.npa.sim.traffic;

import java.util.Arrays;

/** Numbers flows from 0 and keeps, for each, the highest order that was received and its queue. Grows; one thread. */
final class FlowTable {

    private long[] keys = new long[64];
    /** Flow number + 1; 0 = free. */
    private int[] numbers = new int[64];
    private long[] front = new long[32];
    /** Receive queue of a flow; -1 before the first frame. */
    private int[] queues = new int[32];
    /** Carrier under which the queue was seen last. */
    private int[] carriers = new int[32];
    private boolean[] mayMove = new boolean[32];
    private int count;

    /** Number of a flow, a new one if it was not seen before. */
    int number(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key & mask);
        while (numbers[slot] != 0) {
            if (keys[slot] == key) {
                return numbers[slot] - 1;
            }
            slot = slot + 1 & mask;
        }
        if (count == front.length) {
            grow();
            return number(key);
        }
        keys[slot] = key;
        front[count] = -1;
        queues[count] = -1;
        numbers[slot] = ++count;
        return count - 1;
    }

    /** Highest order received in a flow; -1 before the first. */
    long front(int flow) {
        return front[flow];
    }

    void front(int flow, long order) {
        front[flow] = order;
    }

    /**
     * Whether a frame of a flow may come through this queue: always while the carrier changes, once after that, else
     * only through the queue of the frame before.
     *
     * @param carrier number of the carrier, from 0
     */
    boolean mayCome(int flow, int queue, int carrier, boolean changing) {
        if (carriers[flow] != carrier) {
            carriers[flow] = carrier;
            mayMove[flow] = true;
        }
        int before = queues[flow];
        if (before == queue) {
            return true;
        }
        queues[flow] = queue;
        boolean may = before < 0 || changing || mayMove[flow];
        mayMove[flow] &= before < 0 || changing;
        return may;
    }

    int count() {
        return count;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new long[2 * oldKeys.length];
        numbers = new int[2 * oldKeys.length];
        front = Arrays.copyOf(front, 2 * front.length);
        queues = Arrays.copyOf(queues, front.length);
        carriers = Arrays.copyOf(carriers, front.length);
        mayMove = Arrays.copyOf(mayMove, front.length);
        int mask = keys.length - 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldNumbers[i] != 0) {
                int slot = (int) (oldKeys[i] & mask);
                while (numbers[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                keys[slot] = oldKeys[i];
                numbers[slot] = oldNumbers[i];
            }
        }
    }
}
