package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;

/** Slow-path elements: 16 bytes that ask the firmware for one command. §8 */
public final class Ramrod {

    /** Bytes of an element. */
    public static final int BYTES = 16;

    public static final int CLIENT_SETUP = 1;
    public static final int HALT = 2;
    public static final int CLIENT_UPDATE = 5;
    public static final int EMPTY = 6;
    public static final int TERMINATE = 7;
    public static final int TPA_UPDATE = 8;
    public static final int CLASSIFICATION_RULES = 9;
    public static final int FILTER_RULES = 10;
    public static final int MULTICAST_RULES = 11;
    public static final int RSS_UPDATE = 12;

    /** Commands of connection type {@link #NONE}. */
    public static final int FUNCTION_START = 1;
    public static final int FUNCTION_STOP = 2;
    public static final int CFC_DEL = 4;
    public static final int STAT_QUERY = 6;

    /** Connection types. */
    public static final int ETHERNET = 0;
    public static final int NONE = 8;

    private Ramrod() {}

    /**
     * Writes an element.
     *
     * @param cid connection, 24 bits
     * @param function firmware's function id: n for PF n, 8 + number for a VF
     * @param data address of the ramrod data, or what the command wants there
     */
    public static void write(DmaMemory ring, int at, int command, int type, int function, int cid, long data) {
        ring.putInt(at, command << 24 | cid & 0xFF_FFFF);
        ring.putShort(at + 4, (short) (type | function << 8));
        ring.putShort(at + 6, (short) 0);
        ring.putLong(at + 8, data);
    }
}
