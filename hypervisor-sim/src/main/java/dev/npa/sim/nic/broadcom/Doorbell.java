package dev.npa.sim.nic.broadcom;

import dev.npa.hw.RegisterWindow;

/** Doorbells, 57712 §4.7: the word, and BAR2 of a PF with eight bytes a connection. Nothing here takes the lock. */
final class Doorbell implements RegisterWindow {

    static final int LENGTH = 64 * 1024;

    private static final int HEADER = 0x02; // DB_TYPE 1, connection type Ethernet

    private final Path path;
    private final Func pf;

    Doorbell(Path path, Func pf) {
        this.path = path;
        this.pf = pf;
    }

    /** Whether the header of a doorbell word is one of an Ethernet connection. */
    static boolean isLegal(Path path, Func f, int word) {
        if ((word & 0xFFFF) == HEADER) {
            return true;
        }
        path.violation(f, "doorbell word 0x" + Integer.toHexString(word) + ": the low half must be 0x0002");
        return false;
    }

    /** Tells a connection its BD producer; a connection without active client does not listen. */
    static void ring(Path path, int function, int connection, int word) {
        int slot = function * Path.WINDOW + connection;
        if (connection < Path.WINDOW && path.listening.getAcquire(slot) != 0) {
            path.doorbells.setRelease(slot, word);
        }
    }

    @Override
    public int length() {
        return LENGTH;
    }

    @Override
    public int read32(int offset) {
        return pf.id | pf.id << 16; // the ME register
    }

    @Override
    public void write32(int offset, int value) {
        if (offset < 0 || offset >= 8 * Path.WINDOW || (offset & 7) != 0) {
            path.violation(pf, "doorbell at BAR2 offset 0x" + Integer.toHexString(offset) + ", connections are 0.."
                    + (Path.WINDOW - 1) + ", eight bytes each");
        } else if (isLegal(path, pf, value)) {
            ring(path, pf.id, offset >> 3, value);
        }
    }
}
