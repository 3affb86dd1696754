package dev.npa.sim.traffic;

import dev.npa.hw.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes the frames of a {@link GeneratorSpec}: one round of at most {@link #ROUND} frames whose lengths, flows and data
 * are drawn from the seed. Rounds repeat with other numbers in them ({@link FrameSequence}). java.util.Random is
 * specified to the bit, so a seed means the same frames on every JDK.
 */
public final class FrameGenerator {

    /** Frames in a round, unless they are long. */
    public static final int ROUND = 1024;

    /** Bytes of the options of an IPv4 header: no operation, end of list. */
    static final int IPV4_OPTIONS = 8;
    /** Bytes of the options of a TCP header: no operation twice, timestamp. */
    static final int TCP_OPTIONS = 12;

    private static final int ROUND_BYTES = 2 << 20;
    private static final int SHORTEST_ROUND = 48;
    private static final int[] IMIX = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2};
    private static final int IMIX_MIDDLE = 590;
    private static final int FIRST_PORT = 10_000;
    private static final int FIRST_ADDRESS = 0x0A4E_0000;
    private static final long PERIOD = 1_000_000L;
    private static final byte[] NO_OPTIONS = {};

    private final GeneratorSpec spec;
    private final MacAddress from;
    private final MacAddress to;
    private final Random random;
    private final SequenceBuilder builder;
    /** Next sequence number of a TCP flow. */
    private final int[] sequences;

    private FrameGenerator(GeneratorSpec spec, MacAddress from, MacAddress to, boolean first, boolean stack) {
        this.spec = spec;
        this.from = from;
        this.to = to;
        this.random = new Random(spec.seed() * 2 + (first ? 0 : 1));
        this.builder = new SequenceBuilder(spec.mtu(), stack ? spec.offloads() : spec.offloads().inSoftware());
        this.sequences = new int[spec.flows()];
    }

    /** Makes one direction of frames that are complete; see the other. */
    static FrameSequence generate(GeneratorSpec spec, MacAddress from, MacAddress to, boolean first) {
        return generate(spec, from, to, first, false);
    }

    /**
     * Makes one direction.
     *
     * @param first whether this is the direction from the first place; the other one is empty unless the traffic goes
     *     both ways
     * @param stack whether the sender has a stack that meets requests
     */
    static FrameSequence generate(GeneratorSpec spec, MacAddress from, MacAddress to, boolean first, boolean stack) {
        FrameGenerator generator = new FrameGenerator(spec, from, to, first, stack);
        if (first || spec.bothWays()) {
            generator.round();
        }
        return generator.builder.build(PERIOD);
    }

    private void round() {
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] = random.nextInt();
        }
        List<byte[]> frames = new ArrayList<>();
        int bytes = 0;
        while (frames.size() < SHORTEST_ROUND || frames.size() < ROUND && bytes < ROUND_BYTES) {
            byte[] f = frame();
            bytes += f.length;
            frames.add(f);
        }
        for (int i = 0; i < frames.size(); i++) {
            add(frames.get(i), PERIOD * i / frames.size());
        }
    }

    private void add(byte[] f, long nanos) {
        Headers h = Headers.parse(f);
        Offloads offloads = builder.offloads();
        if (offloads.tso() || !Requests.needsSegments(f, h, offloads, spec.mtu())) {
            Checksums.complete(f, h);
            builder.add(f, h, nanos, true);
            return;
        }
        int mss = offloads.segmentBytes(spec.mtu(), h.transport + h.tcpHeader(f) - h.network);
        for (byte[] segment : TcpSegmenter.segment(f, h, mss)) {
            builder.add(segment, Headers.parse(segment), nanos, true);
        }
    }

    private byte[] frame() {
        int flow = random.nextInt(spec.flows());
        GeneratorSpec.Transport kind = spec.transports().get(flow % spec.transports().size());
        int headers = GeneratorSpec.headers(kind, spec.vlan(), spec.options());
        int longest = spec.mtu() + Ether.HEADER + (spec.vlan() != 0 ? Ether.VLAN_TAG : 0);
        int length = length(headers);
        if (!kind.tcp && length > longest) {
            length = headers + FrameSequence.TRAILER
                    + random.nextInt(longest - headers - FrameSequence.TRAILER + 1);
        }
        boolean trailer = !kind.tcp && length != longest
                && !(builder.offloads().checksum() && length >= Ether.MIN_FRAME);
        // The longest frame has no room for a trailer; others that need one carry it within the length asked for.
        byte[] data = FrameBuilder.payload(random, length - headers - (trailer ? FrameSequence.TRAILER : 0));
        int source = FIRST_PORT + flow;
        int destination = FIRST_PORT + 10_000 + flow;
        byte[] transport = kind.tcp ? tcp(flow, source, destination, data)
                : FrameBuilder.udp(source, destination, data);
        int protocol = kind.tcp ? Ether.TCP : Ether.UDP;
        byte[] datagram = kind.ipv6
                ? FrameBuilder.ipv6(address6(from), address6(to), protocol, transport)
                : FrameBuilder.ipv4(address4(from), address4(to), protocol, 0, 0x4000,
                        spec.options() ? new byte[] {1, 1, 1, 1, 1, 1, 1, 0} : NO_OPTIONS, transport);
        return FrameBuilder.datagram(to, from, spec.tci(), kind.etherType(), datagram);
    }

    private byte[] tcp(int flow, int source, int destination, byte[] data) {
        byte[] options = NO_OPTIONS;
        if (spec.options()) {
            options = new byte[] {1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0};
            Net.put32(options, 4, 1 + sequences[flow] >>> 12);
            Net.put32(options, 8, 77);
        }
        byte[] segment = FrameBuilder.tcp(source, destination, sequences[flow], 1, tcpFlags(), options, data);
        sequences[flow] += data.length;
        return segment;
    }

    /** Of eight frames seven push, so that some streams go on in the next frame, and one says CWR. */
    private int tcpFlags() {
        int draw = random.nextInt(64);
        return Ether.TCP_ACK | (draw < 56 ? Ether.TCP_PSH : 0) | (draw % 8 == 0 ? Ether.TCP_CWR : 0);
    }

    private int length(int headers) {
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

    /** 10.78.x.y from the last bytes of a VM's Ethernet address; 10.143.x.y for a station of the outside. */
    private static int address4(MacAddress mac) {
        return FIRST_ADDRESS + ((int) (mac.value() >>> 16 & 0xFF) << 16) & 0xFFFFFF | 10 << 24
                | (int) mac.value() & 0xFFFF;
    }

    /** fd4e:5041:: with the Ethernet address in the last 48 bits. */
    private static byte[] address6(MacAddress mac) {
        byte[] a = new byte[16];
        Net.put32(a, 0, 0xFD4E_5041);
        Net.putMac(a, 10, mac.value());
        return a;
    }
}
