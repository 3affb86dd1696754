package dev.npa.sim.nic.broadcom;

/** Transmit buffer descriptors, 16 bytes as two little-endian longs, 57712 §4.2 to §4.4. */
final class TxBd {

    // bd_flags of a start BD
    static final int IP_CSUM = 1;
    static final int L4_CSUM = 1 << 1;
    static final int START_BD = 1 << 4;
    static final int IS_UDP = 1 << 5;
    static final int SW_LSO = 1 << 6;
    static final int IPV6 = 1 << 7;

    // VLAN_MODE
    static final int VLAN_NONE = 0;
    static final int VLAN_OUT_OF_BAND = 1;
    static final int VLAN_IN_BAND = 2;

    // ETH_ADDR_TYPE
    static final int UNICAST = 1;
    static final int MULTICAST = 2;
    static final int BROADCAST = 3;

    private TxBd() {
    }

    // Start BD, second long.

    static int nbd(long q1) {
        return (int) q1 & 0xFFFF;
    }

    /** Bytes of the fragment; the same place in start and data BDs is 10 in both. */
    static int nbytes(long q1) {
        return (int) (q1 >>> 16) & 0xFFFF;
    }

    static int vlanOrEtherType(long q1) {
        return (int) (q1 >>> 32) & 0xFFFF;
    }

    static int flags(long q1) {
        return (int) (q1 >>> 48) & 0xFF;
    }

    static int vlanMode(long q1) {
        return flags(q1) >>> 2 & 3;
    }

    static int headerBds(long q1) {
        return (int) (q1 >>> 56) & 7;
    }

    static int extraParseBds(long q1) {
        return (int) (q1 >>> 61) & 3;
    }

    static boolean hasTunnel(long q1) {
        return q1 < 0;
    }

    // Data BD, second long.

    static int totalBytes(long q1) {
        return (int) q1 & 0xFFFF;
    }

    // Parse BD: six 16-bit words of addresses, then parsing_data.

    /** Destination address of a parse BD's first long: its bytes stand reversed. */
    static long destination(long q0) {
        return q0 & 0xFFFF_FFFF_FFFFL;
    }

    static long source(long q0, long q1) {
        return q0 >>> 48 | (q1 & 0xFFFF_FFFFL) << 16;
    }

    static int parsingData(long q1) {
        return (int) (q1 >>> 32);
    }

    /** Offset of the L4 header from the start of the frame, bytes. */
    static int l4Offset(int parsing) {
        return (parsing & 0x7FF) * 2;
    }

    /** Length of the TCP header, bytes. */
    static int tcpLength(int parsing) {
        return (parsing >>> 11 & 0xF) * 4;
    }

    static int mss(int parsing) {
        return parsing >>> 16 & 0x3FFF;
    }

    static int addressType(int parsing) {
        return parsing >>> 30;
    }

    static String describeStart(long q0, long q1) {
        int flags = flags(q1);
        return "start 0x" + Long.toHexString(q0) + " nbd " + nbd(q1) + " nbytes " + nbytes(q1)
                + switch (vlanMode(q1)) {
                    case VLAN_OUT_OF_BAND -> " insert VLAN " + (vlanOrEtherType(q1) & 0xFFF);
                    case VLAN_IN_BAND -> " in-band VLAN " + (vlanOrEtherType(q1) & 0xFFF);
                    default -> String.format(" type 0x%04x", vlanOrEtherType(q1));
                }
                + ((flags & IP_CSUM) != 0 ? " IP_CSUM" : "") + ((flags & L4_CSUM) != 0 ? " L4_CSUM" : "")
                + ((flags & IS_UDP) != 0 ? " IS_UDP" : "") + ((flags & SW_LSO) != 0 ? " SW_LSO" : "")
                + ((flags & IPV6) != 0 ? " IPV6" : "");
    }

    static String describeParse(long q1) {
        int p = parsingData(q1);
        return "parse L4 at " + l4Offset(p) + " TCP header " + tcpLength(p) + " MSS " + mss(p) + " address type "
                + addressType(p);
    }

    static String describeData(long q0, long q1) {
        return "data 0x" + Long.toHexString(q0) + " nbytes " + nbytes(q1) + " of " + totalBytes(q1);
    }
}
