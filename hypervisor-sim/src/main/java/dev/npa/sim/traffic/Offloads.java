package dev.npa.sim.traffic;

/**
 * What the applications behind one end of a flow ask their stack for when they send.
 *
 * @param checksum IPv4 header, TCP and UDP checksums
 * @param tso TCP frames longer than a datagram of the path
 * @param vlan the VLAN tag, when the flow has one
 * @param mss payload bytes of a TSO segment, {@link #MIN_MSS}..8960; 0 = as many as the MTU allows
 */
public record Offloads(boolean checksum, boolean tso, boolean vlan, int mss) {

    /** Smallest MSS, so that a frame of 64 KiB is at most 1,024 segments. */
    public static final int MIN_MSS = 64;

    /** Nothing: every frame is complete. */
    public static final Offloads NONE = new Offloads(false, false, false, 0);

    public Offloads {
        if (mss != 0 && (mss < MIN_MSS || mss > 8960)) {
            throw new IllegalArgumentException("MSS " + mss + " is not " + MIN_MSS + "..8960");
        }
    }

    /** Whether anything is asked for. */
    public boolean any() {
        return checksum || tso || vlan;
    }

    /** The same for an end without a stack: only the size of segments stays. */
    Offloads inSoftware() {
        return new Offloads(false, false, false, mss);
    }

    /** Payload bytes of a segment behind headers of so many bytes, IP header to TCP options. */
    int segmentBytes(int mtu, int headers) {
        int most = mtu - headers;
        return mss == 0 ? most : Math.min(mss, most);
    }
}
