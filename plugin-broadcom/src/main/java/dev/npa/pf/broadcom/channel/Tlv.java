package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;

/** Types, lengths and status values of the channel, and the walk along a list. §9 */
public final class Tlv {

    /** Bytes of a request, and of a response. */
    public static final int MESSAGE_BYTES = 1024;

    public static final int ACQUIRE = 1;
    public static final int INIT = 2;
    public static final int SETUP_Q = 3;
    public static final int SET_Q_FILTERS = 4;
    public static final int TEARDOWN_Q = 7;
    public static final int CLOSE = 8;
    public static final int RELEASE = 9;
    public static final int LIST_END = 12;
    public static final int UPDATE_RSS = 16;
    public static final int PHYS_PORT_ID = 17;
    public static final int UPDATE_TPA = 18;
    public static final int FP_HSI_SUPPORT = 19;

    public static final int WAITING = 0;
    public static final int SUCCESS = 1;
    public static final int FAILURE = 2;
    public static final int NOT_SUPPORTED = 3;
    public static final int NO_RESOURCE = 4;

    private static final int HEADER = 4;
    private static final int MOST = 50;

    private Tlv() {}

    /** Type of the TLV at {@code at}. */
    public static int type(DmaMemory m, int at) {
        return m.getShort(at) & 0xFFFF;
    }

    static int length(DmaMemory m, int at) {
        return m.getShort(at + 2) & 0xFFFF;
    }

    /**
     * Whether a message is a list of whole TLVs that ends with LIST_END within its bytes, and its first TLV is at least
     * so long.
     */
    public static boolean isWellFormed(DmaMemory m, int firstLength) {
        if (length(m, 0) < firstLength) {
            return false;
        }
        int at = 0;
        for (int i = 0; i < MOST; i++) {
            if (at + HEADER > MESSAGE_BYTES) {
                return false;
            }
            int length = length(m, at);
            if (type(m, at) == LIST_END) {
                return true;
            }
            if (length < HEADER) {
                return false;
            }
            at += length;
        }
        return false;
    }

    /** Whether a well-formed message has a TLV of this type behind its first. */
    public static boolean has(DmaMemory m, int type) {
        for (int at = length(m, 0); type(m, at) != LIST_END; at += length(m, at)) {
            if (type(m, at) == type) {
                return true;
            }
        }
        return false;
    }
}
