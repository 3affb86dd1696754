package dev.npa.sim.traffic;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What generated traffic looks like. Lengths are of whole frames without FCS, as they are handed over: with TSO of the
 * frames before they are cut.
 *
 * @param sizes lengths of the frames; above the MTU for TCP flows with TSO only
 * @param transports what the flows are, in turn
 * @param vlan VLAN id 1..4094 of a tag in each frame; 0 = no tag
 * @param flows flows in each direction, told apart by their ports, 1..1000
 * @param pacing when frames are due
 * @param frames frames in each direction, as they are handed over; 0 = until stopped
 * @param bothWays whether the second place sends, too
 * @param mtu largest datagram on the path
 * @param seed same seed, same frames
 * @param offloads what a sender with a stack asks for; an end without one sends the same as complete frames
 * @param options whether IPv4 headers have options and TCP headers a timestamp
 * @param priority PCP (0..7) and DEI of the tag: PCP << 1 | DEI
 */
public record GeneratorSpec(
        Sizes sizes,
        List<Transport> transports,
        int vlan,
        int flows,
        Pacing pacing,
        long frames,
        boolean bothWays,
        int mtu,
        long seed,
        Offloads offloads,
        boolean options,
        int priority) {

    /** Longest frame with TSO, without a tag. */
    public static final int LONGEST_TSO = 65_000;

    /** What a flow is. TCP flows are streams: each frame goes on where the one before ended. */
    public enum Transport {
        UDP4(false, false), TCP4(true, false), UDP6(false, true), TCP6(true, true);

        final boolean tcp;
        final boolean ipv6;

        Transport(boolean tcp, boolean ipv6) {
            this.tcp = tcp;
            this.ipv6 = ipv6;
        }

        static Transport of(boolean tcp, boolean ipv6) {
            return ipv6 ? tcp ? TCP6 : UDP6 : tcp ? TCP4 : UDP4;
        }

        int etherType() {
            return ipv6 ? Ether.TYPE_IPV6 : Ether.TYPE_IPV4;
        }
    }

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
        Objects.requireNonNull(offloads);
        transports = List.copyOf(transports);
        if (vlan < 0 || vlan > 4094) {
            throw new IllegalArgumentException("VLAN id " + vlan + " is not 0..4094");
        }
        if (transports.isEmpty() || flows < 1 || flows > 1000) {
            throw new IllegalArgumentException(flows + " flows of " + transports + " are not 1..1000 of something");
        }
        if (frames < 0 || priority < 0 || priority > 15) {
            throw new IllegalArgumentException(frames + " frames are fewer than none, or PCP and DEI "
                    + priority + " are not 0..15");
        }
        int longest = longest(mtu, vlan, offloads);
        if (sizes.largest > longest) {
            throw new IllegalArgumentException("frames of " + sizes.largest + " bytes do not fit "
                    + (offloads.tso() ? "TSO" : "an MTU of " + mtu) + ", which allows " + longest);
        }
        int needed = smallest(transports, vlan, options);
        if (!sizes.imix && sizes.smallest < needed) {
            throw new IllegalArgumentException("frames of " + sizes.smallest + " bytes have no room for their"
                    + " headers; at least " + needed + " are needed");
        }
    }

    /** Flows of one kind whose senders ask for nothing. */
    public GeneratorSpec(Sizes sizes, boolean tcp, boolean ipv6, int vlan, int flows, Pacing pacing, long frames,
            boolean bothWays, int mtu, long seed) {
        this(sizes, List.of(Transport.of(tcp, ipv6)), vlan, flows, pacing, frames, bothWays, mtu, seed, Offloads.NONE,
                false, 0);
    }

    /** Smallest frame that holds the headers of each of these, and four bytes. */
    public static int smallest(List<Transport> transports, int vlan, boolean options) {
        return transports.stream().mapToInt(t -> headers(t, vlan, options)).max().orElse(0) + FrameSequence.TRAILER;
    }

    private static int longest(int mtu, int vlan, Offloads offloads) {
        int whole = mtu + Ether.HEADER;
        return (offloads.tso() ? Math.max(LONGEST_TSO, whole) : whole) + (vlan != 0 ? Ether.VLAN_TAG : 0);
    }

    /** The TCI of the tag; 0 without. */
    int tci() {
        return vlan == 0 ? 0 : priority << 12 | vlan;
    }

    /** The same frames without their tag, which makes them shorter by its length. */
    GeneratorSpec untagged() {
        if (vlan == 0) {
            return this;
        }
        Sizes shorter = new Sizes(Math.max(Ether.MIN_FRAME, sizes.smallest - Ether.VLAN_TAG),
                Math.max(Ether.MIN_FRAME, sizes.largest - Ether.VLAN_TAG), sizes.imix);
        return new GeneratorSpec(shorter, transports, 0, flows, pacing, frames, bothWays, mtu, seed, offloads, options,
                0);
    }

    /** UDP over IPv4 without VLAN, both ways, until stopped, in one flow. */
    public static GeneratorSpec udp(Sizes sizes, Pacing pacing, long seed) {
        return new GeneratorSpec(sizes, false, false, 0, 1, pacing, 0, true, 1500, seed);
    }

    static int headers(Transport t, int vlan, boolean options) {
        int ip = t.ipv6 ? Ether.IPV6_HEADER : Ether.IPV4_HEADER + (options ? FrameGenerator.IPV4_OPTIONS : 0);
        int transport = t.tcp ? Ether.TCP_HEADER + (options ? FrameGenerator.TCP_OPTIONS : 0) : Ether.UDP_HEADER;
        return Ether.HEADER + (vlan != 0 ? Ether.VLAN_TAG : 0) + ip + transport;
    }

    /** One line for the user. */
    public String describe() {
        String lengths = sizes.imix ? "IMIX" : sizes.smallest == sizes.largest ? sizes.smallest + " bytes"
                : sizes.smallest + ".." + sizes.largest + " bytes";
        String kinds = transports.stream().map(t -> (t.tcp ? "TCP" : "UDP") + " over IPv" + (t.ipv6 ? 6 : 4))
                .distinct().collect(Collectors.joining(", "));
        String asks = (offloads.checksum() ? " checksums" : "") + (offloads.tso() ? " TSO" : "")
                + (offloads.vlan() ? " VLAN tags" : "");
        return kinds + (options ? " with options" : "") + (vlan != 0 ? " in VLAN " + vlan : "") + ", " + lengths + ", "
                + flows + (flows == 1 ? " flow" : " flows") + (bothWays ? " each way" : "")
                + (asks.isEmpty() ? "" : ", guests ask for" + asks) + ", seed " + seed;
    }
}
