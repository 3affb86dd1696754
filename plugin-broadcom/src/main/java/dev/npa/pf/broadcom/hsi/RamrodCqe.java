package dev.npa.pf.broadcom.hsi;

/** The element of a completion queue that tells the end of a queue ramrod; {@code q0} is its first 8-byte word. §5.3 */
public final class RamrodCqe {

    /** log2 of the bytes of an element. */
    public static final int SHIFT = 6;
    /** Offset of the marker: all ones when seeded by the driver, 0 when the device has written the element. */
    public static final int MARKER = 60;
    /** Value of a seeded marker. */
    public static final int SEED = -1;

    private static final int TYPE = 3;
    private static final int RAMROD = 1;
    private static final int ERROR = 1 << 2;

    private RamrodCqe() {}

    /** Whether it tells the end of this command for this connection. */
    public static boolean isOf(long q0, int cid, int command) {
        return ((int) q0 & TYPE) == RAMROD && ((int) (q0 >>> 32) & 0xFF_FFFF) == cid && (int) (q0 >>> 56) == command;
    }

    /** Whether the command failed. */
    public static boolean isError(long q0) {
        return ((int) q0 & ERROR) != 0;
    }
}
