package dev.npa.sim.traffic;

import java.util.Objects;

/**
 * What generated traffic looks like. Lengths are of whole frames without FCS.
 *
 * @param sizes lengths of the frames
 * @param tcp TCP-like data segments instead of UDP
 * @param ipv6 IPv6 instead of IPv4
 * @param vlan VLAN id 1..4094 of a tag in each frame; 0 = no tag
 * @param flows flows in each direction, told apart by their ports, 1..1000
 * @param pacing when frames are due
 * @param frames frames in each direction; 0 = until stopped
 * @param bothWays whether the second place sends, too
 * @param mtu largest datagram on the path
 * @param seed same seed, same frames
 */
public record GeneratorSpec(
        Sizes sizes,
        boolean tcp,
        boolean ipv6,
        int vlan,
        int flows,
        Pacing pacing,
        long frames,
        boolean bothWays,
        int mtu,
        long seed) {

    /**
     * Lengths of frames.
     *
     * @param smallest first length, at least 60
     * @param largest last length
     * @param imix the mix 7 x 60 (or the least that holds the headers), 4 x 590, 1 x {@code largest}; else each
     *     length of the range is as likely
     */
    public record Sizes(int smallest, int largest, boolean imix) {

        public Sizes {
            if (smallest < Ether.MIN_FRAME || largest < smallest) {
                throw new IllegalArgumentException("frame lengths " + smallest + ".." + largest
                        + ": the first must be at least " + Ether.MIN_FRAME + " and the last not below the first");
            }
        }

        public static Sizes fixed(int length) {
            return new Sizes(length, length, false);
        }

        public static Sizes range(int smallest, int largest) {
            return new Sizes(smallest, largest, false);
        }

        /** The simple Internet mix: 7 of 60, 4 of 590 and 1 of 1514 bytes. */
        public static Sizes ofImix() {
            return new Sizes(Ether.MIN_FRAME, 1514, true);
        }
    }

    public GeneratorSpec {
        Objects.requireNonNull(sizes);
        Objects.requireNonNull(pacing);
        int headers = headers(tcp, ipv6, vlan);
        if (vlan < 0 || vlan > 4094) {
            throw new IllegalArgumentException("VLAN id " + vlan + " is not 0..4094");
        }
        if (flows < 1 || flows > 1000) {
            throw new IllegalArgumentException(flows + " flows are not 1..1000");
        }
        if (frames < 0) {
            throw new IllegalArgumentException(frames + " frames are fewer than none");
        }
        int longest = mtu + Ether.HEADER + (vlan != 0 ? Ether.VLAN_TAG : 0);
        if (sizes.largest > longest) {
            throw new IllegalArgumentException("frames of " + sizes.largest + " bytes do not fit an MTU of " + mtu
                    + ", which allows " + longest);
        }
        if (!sizes.imix && sizes.smallest < headers + FrameSequence.TRAILER) {
            throw new IllegalArgumentException("frames of " + sizes.smallest + " bytes have no room for their headers;"
                    + " at least " + (headers + FrameSequence.TRAILER) + " are needed");
        }
    }

    /** The same frames without their tag, which makes them shorter by its length. */
    GeneratorSpec untagged() {
        if (vlan == 0) {
            return this;
        }
        Sizes shorter = new Sizes(Math.max(Ether.MIN_FRAME, sizes.smallest - Ether.VLAN_TAG),
                Math.max(Ether.MIN_FRAME, sizes.largest - Ether.VLAN_TAG), sizes.imix);
        return new GeneratorSpec(shorter, tcp, ipv6, 0, flows, pacing, frames, bothWays, mtu, seed);
    }

    /** UDP over IPv4 without VLAN, both ways, until stopped, in one flow. */
    public static GeneratorSpec udp(Sizes sizes, Pacing pacing, long seed) {
        return new GeneratorSpec(sizes, false, false, 0, 1, pacing, 0, true, 1500, seed);
    }

    static int headers(boolean tcp, boolean ipv6, int vlan) {
        return Ether.HEADER + (vlan != 0 ? Ether.VLAN_TAG : 0) + (ipv6 ? Ether.IPV6_HEADER : Ether.IPV4_HEADER)
                + (tcp ? Ether.TCP_HEADER : Ether.UDP_HEADER);
    }

    /** One line for the user. */
    public String describe() {
        String lengths = sizes.imix ? "IMIX" : sizes.smallest == sizes.largest ? sizes.smallest + " bytes"
                : sizes.smallest + ".." + sizes.largest + " bytes";
        return (tcp ? "TCP" : "UDP") + " over IPv" + (ipv6 ? 6 : 4) + (vlan != 0 ? " in VLAN " + vlan : "") + ", "
                + lengths + ", " + flows + (flows == 1 ? " flow" : " flows") + (bothWays ? " each way" : "")
                + ", seed " + seed;
    }
}
