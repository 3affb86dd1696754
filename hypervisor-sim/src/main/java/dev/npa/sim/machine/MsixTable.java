package dev.npa.sim.machine;

/**
 * MSI-X table and pending-bit array of a function, as laid out in a BAR: 16 bytes an entry (address low, address high,
 * data, control with bit 0 = masked, reset value 1). A message for a masked vector sets its pending bit and is sent
 * when the vector is unmasked. Thread-safe.
 */
public final class MsixTable {

    private final int[] words;
    private final boolean[] pending;
    private final DmaPort port;
    private boolean enabled;
    private boolean functionMask;

    public MsixTable(int vectors, DmaPort port) {
        this.words = new int[4 * vectors];
        this.pending = new boolean[vectors];
        this.port = port;
        reset();
    }

    public int vectors() {
        return pending.length;
    }

    /** Back to the state after power-on: all vectors masked, MSI-X disabled. */
    public synchronized void reset() {
        java.util.Arrays.fill(words, 0);
        for (int v = 0; v < pending.length; v++) {
            words[4 * v + 3] = 1;
            pending[v] = false;
        }
        enabled = false;
        functionMask = false;
    }

    /** Follows bits 15 (enable) and 14 (function mask) of the capability's message control. */
    public synchronized void control(boolean enable, boolean maskAll) {
        enabled = enable;
        functionMask = maskAll;
        for (int v = 0; v < pending.length; v++) {
            deliver(v);
        }
    }

    /** Reads a table dword; {@code offset} from the table's start. */
    public synchronized int readTable(int offset) {
        return words[offset >> 2];
    }

    public synchronized void writeTable(int offset, int value) {
        words[offset >> 2] = value;
        deliver(offset >> 4);
    }

    /** Reads a dword of the pending-bit array. */
    public synchronized int readPending(int offset) {
        int bits = 0;
        for (int i = 0; i < 32; i++) {
            int v = offset * 8 + i;
            if (v < pending.length && pending[v]) {
                bits |= 1 << i;
            }
        }
        return bits;
    }

    /** Clears a pending bit without sending. */
    public synchronized void clearPending(int vector) {
        pending[vector] = false;
    }

    /** The function wants to raise a vector. */
    public synchronized void raise(int vector) {
        pending[vector] = true;
        deliver(vector);
    }

    private void deliver(int v) {
        if (pending[v] && enabled && !functionMask && (words[4 * v + 3] & 1) == 0) {
            pending[v] = false;
            port.message(Integer.toUnsignedLong(words[4 * v]) | (long) words[4 * v + 1] << 32, words[4 * v + 2]);
        }
    }
}
