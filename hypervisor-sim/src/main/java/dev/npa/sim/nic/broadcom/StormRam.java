package dev.npa.sim.nic.broadcom;

/** Internal memory of the four storm processors, as far as drivers write it: 64 KiB each, 57712 §16. */
final class StormRam {

    static final int USTORM = 0;
    static final int CSTORM = 1;
    static final int XSTORM = 2;
    static final int TSTORM = 3;
    /** Bytes of one storm's memory. */
    static final int SIZE = 0x10000;

    // Offsets within each storm's RAM, 57712 §16.
    static final int X_SPQ_BASE = 0xC000;
    static final int X_SPQ_PROD = 0xC008;
    static final int X_FUNC_EN = 0x9950;
    static final int T_FUNC_EN = 0x17E0;
    static final int C_FUNC_EN = 0x11A8;
    static final int C_FINAL_CLEANUP = 0x11AC;
    static final int C_CHANNEL = 0x5700;
    static final int C_EVENT_RING = 0x5900;
    static final int C_SB_DATA = 0xC000;
    static final int C_SP_SB = 0xF640;
    static final int U_ZONE = 0x6000;

    private final int[][] words = new int[4][SIZE / 4];

    int word(int storm, int offset) {
        return words[storm][offset >> 2];
    }

    void word(int storm, int offset, int value) {
        words[storm][offset >> 2] = value;
    }

    int octet(int storm, int offset) {
        return words[storm][offset >> 2] >>> 8 * (offset & 3) & 0xFF;
    }

    void octet(int storm, int offset, int value) {
        int shift = 8 * (offset & 3);
        words[storm][offset >> 2] = words[storm][offset >> 2] & ~(0xFF << shift) | (value & 0xFF) << shift;
    }

    long quad(int storm, int offset) {
        return Integer.toUnsignedLong(word(storm, offset)) | (long) word(storm, offset + 4) << 32;
    }

    /** Event ring data of a PF: base, producer, status block, index. */
    static int eventRing(int pf) {
        return C_EVENT_RING + 0x30 * (pf >> 1) + 0x18 * (pf & 1);
    }

    /** Function enable bytes of the storms whose offsets are known. */
    boolean isEnabled(int function) {
        return octet(XSTORM, X_FUNC_EN + 8 * function) == 1 && octet(TSTORM, T_FUNC_EN + 8 * function) == 1
                && octet(CSTORM, C_FUNC_EN + 8 * function) == 1;
    }

    /** VF_TO_PF bytes. */
    boolean belongsTo(int function, int pf) {
        return octet(XSTORM, X_FUNC_EN + 8 * function + 1) == pf && octet(TSTORM, T_FUNC_EN + 8 * function + 1) == pf
                && octet(CSTORM, C_FUNC_EN + 8 * function + 1) == pf;
    }

    /** Takes a function's enables away. */
    void disable(int function) {
        octet(XSTORM, X_FUNC_EN + 8 * function, 0);
        octet(TSTORM, T_FUNC_EN + 8 * function, 0);
        octet(CSTORM, C_FUNC_EN + 8 * function, 0);
    }
}
