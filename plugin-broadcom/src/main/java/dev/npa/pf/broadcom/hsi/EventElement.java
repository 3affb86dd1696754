package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;

/**
 * One element of the event ring. §8.5
 *
 * @param error 0 = done
 * @param word bytes 4..7: a VF number and error id, a connection, or an echo
 * @param data bytes 8..15
 */
public record EventElement(int opcode, int error, int word, long data) {

    /** Bytes of an element. */
    public static final int BYTES = 16;

    public static final int VF_PF_CHANNEL = 0;
    public static final int FUNCTION_START = 1;
    public static final int FUNCTION_STOP = 2;
    public static final int CFC_DEL = 3;
    public static final int STAT_QUERY = 5;
    public static final int VF_FLR = 8;
    public static final int MALICIOUS_VF = 9;
    public static final int RSS_UPDATE = 11;
    public static final int CLASSIFICATION = 15;
    public static final int FILTERS = 16;
    public static final int MULTICAST = 17;

    private static final String[] FAULTS = {"none", "channel not ready", "illegal BD lengths", "packet too short",
        "payload too big", "illegal Ethertype", "illegal LSO header length", "too many BDs", "zero HDR_NBDS",
        "start BD flag not set", "illegal parse nbds", "IPv6 with IP checksum", "VLAN flag incorrect",
        "illegal LSO MSS", "tunnel not supported"};

    public static EventElement read(DmaMemory ring, int at) {
        return new EventElement(ring.getByte(at) & 0xFF, ring.getByte(at + 1) & 0xFF, ring.getInt(at + 4),
                ring.getLong(at + 8));
    }

    /** Number of the VF on its path, of an event about a VF. */
    public int vf() {
        return word & 0xFF;
    }

    /** What a malicious VF did, in the sheet's words. */
    public String fault() {
        int id = word >>> 8 & 0xFF;
        return id < FAULTS.length ? FAULTS[id] : "error " + id;
    }
}
