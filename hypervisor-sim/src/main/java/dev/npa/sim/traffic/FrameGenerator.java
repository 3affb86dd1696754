package dev.npa.sim.traffic;

import dev.npa.hw.MacAddress;
import java.util.Random;

/**
 * Makes the frames of a {@link GeneratorSpec}: one round of {@link #ROUND} frames whose lengths, flows and data are
 * drawn from the seed. Rounds repeat with other numbers in them ({@link FrameSequence}). java.util.Random is specified
 * to the bit, so a seed means the same frames on every JDK.
 */
public final class FrameGenerator {

    /** Frames in a round. */
    public static final int ROUND = 1024;

    private static final int[] IMIX = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2};
    private static final int IMIX_MIDDLE = 590;
    private static final int FIRST_PORT = 10_000;
    private static final int FIRST_ADDRESS = 0x0A4E_0000;
    private static final long PERIOD = 1_000_000L;

    private FrameGenerator() {}

    /**
     * Makes one direction.
     *
     * @param first whether this is the direction from the first place; the other one is empty unless the traffic goes
     *     both ways
     */
    static FrameSequence generate(GeneratorSpec spec, MacAddress from, MacAddress to, boolean first) {
        SequenceBuilder builder = new SequenceBuilder(spec.mtu());
        if (first || spec.bothWays()) {
            Random random = new Random(spec.seed() * 2 + (first ? 0 : 1));
            for (int i = 0; i < ROUND; i++) {
                byte[] f = frame(spec, from, to, random);
                builder.add(f, Headers.parse(f), PERIOD * i / ROUND);
            }
        }
        return builder.build(PERIOD);
    }

    private static byte[] frame(GeneratorSpec spec, MacAddress from, MacAddress to, Random random) {
        int flow = random.nextInt(spec.flows());
        int headers = GeneratorSpec.headers(spec.tcp(), spec.ipv6(), spec.vlan());
        int length = length(spec, random, headers);
        int longest = spec.mtu() + Ether.HEADER + (spec.vlan() != 0 ? Ether.VLAN_TAG : 0);
        // The longest frame has no room for a trailer; all others carry it within the length asked for.
        byte[] data = FrameBuilder.payload(random,
                length - headers - (length == longest ? 0 : FrameSequence.TRAILER));
        int source = FIRST_PORT + flow;
        int destination = FIRST_PORT + 10_000 + flow;
        byte[] transport = spec.tcp()
                ? FrameBuilder.tcp(source, destination, random.nextInt(), random.nextInt(),
                        Ether.TCP_ACK | Ether.TCP_PSH, data)
                : FrameBuilder.udp(source, destination, data);
        int protocol = spec.tcp() ? Ether.TCP : Ether.UDP;
        byte[] datagram = spec.ipv6()
                ? FrameBuilder.ipv6(address6(from), address6(to), protocol, transport)
                : FrameBuilder.ipv4(address4(from), address4(to), protocol, 0, 0x4000, transport);
        return FrameBuilder.ethernet(to, from, spec.vlan(), spec.ipv6() ? Ether.TYPE_IPV6 : Ether.TYPE_IPV4, datagram);
    }

    private static int length(GeneratorSpec spec, Random random, int headers) {
        GeneratorSpec.Sizes sizes = spec.sizes();
        if (!sizes.imix()) {
            return sizes.smallest() + random.nextInt(sizes.largest() - sizes.smallest() + 1);
        }
        return switch (IMIX[random.nextInt(IMIX.length)]) {
            case 0 -> Math.max(Ether.MIN_FRAME, headers + FrameSequence.TRAILER);
            case 1 -> IMIX_MIDDLE;
            default -> sizes.largest();
        };
    }

    /** 10.78.x.y from the last bytes of the Ethernet address. */
    private static int address4(MacAddress mac) {
        return FIRST_ADDRESS | (int) mac.value() & 0xFFFF;
    }

    /** fd4e:5041:: with the Ethernet address in the last 48 bits. */
    private static byte[] address6(MacAddress mac) {
        byte[] a = new byte[16];
        Net.put32(a, 0, 0xFD4E_5041);
        Net.putMac(a, 10, mac.value());
        return a;
    }
}
