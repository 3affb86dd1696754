package dev.npa.sim.traffic;

import dev.npa.hw.MacAddress;
import dev.npa.sim.pcap.Capture;
import dev.npa.sim.pcap.CapturedFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The capture that is replayed when no file is given: mixed traffic of a small LAN, made at run time from a seed. A
 * client and a server speak ARP, ICMP, UDP and TCP over both IP versions, a third station sends multicast, some
 * datagrams are fragmented; frames have 60..1514 bytes. Same seed, same bytes.
 */
public final class SampleCapture {

    /** Frames of the default capture, at least. */
    public static final int FRAMES = 2_000;

    private static final MacAddress CLIENT = MacAddress.parse("02:00:5e:10:00:02");
    private static final MacAddress SERVER = MacAddress.parse("02:00:5e:10:00:01");
    private static final MacAddress NEIGHBOUR = MacAddress.parse("02:00:5e:10:00:07");
    private static final MacAddress GROUP4 = MacAddress.parse("01:00:5e:00:00:fb");
    private static final MacAddress GROUP6 = MacAddress.parse("33:33:00:00:00:fb");
    private static final MacAddress IGMP_GROUP = MacAddress.parse("01:00:5e:00:00:16");
    /** Ports that no analyser takes for a protocol: the data is random. */
    private static final int LOOKUP_PORT = 30_053;
    private static final int GROUP_PORT = 30_054;
    private static final int FILE_PORT = 30_055;
    private static final int STREAM_PORT = 30_056;
    private static final int NET = 0x0A01_0000;
    private static final int MSS4 = 1460;
    private static final int MSS6 = 1440;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int FRAGMENT_DATA = 1448;
    private static final int KINDS = 8;

    private final Random random;
    private final List<CapturedFrame> frames = new ArrayList<>();
    private long nanos;
    private int ids;
    private int ports = 50_000;

    private SampleCapture(long seed) {
        random = new Random(seed);
    }

    /** The default capture. */
    public static Capture make() {
        return make(1, FRAMES);
    }

    /**
     * Makes a capture.
     *
     * @param atLeast frames; the exchange that reaches this number is finished
     */
    public static Capture make(long seed, int atLeast) {
        SampleCapture sample = new SampleCapture(seed);
        for (int step = 0; sample.frames.size() < atLeast || step < KINDS; step++) {
            // Every kind once, then at random.
            sample.exchange(step < KINDS ? step : sample.random.nextInt(KINDS));
        }
        return new Capture("built-in sample, seed " + seed, sample.frames, 0, 0);
    }

    private void exchange(int kind) {
        boolean v6 = random.nextBoolean();
        pause(50_000);
        switch (kind) {
            case 0 -> arp();
            case 1 -> ping(v6);
            case 2 -> lookup(v6);
            case 3 -> transfer(false);
            case 4 -> transfer(true);
            case 5 -> multicast();
            case 6 -> stream(v6);
            default -> fragmented(v6);
        }
    }

    private void arp() {
        add(MacAddress.BROADCAST, CLIENT, Ether.TYPE_ARP,
                FrameBuilder.arp(1, CLIENT, NET | 2, new MacAddress(0), NET | 1));
        add(CLIENT, SERVER, Ether.TYPE_ARP, FrameBuilder.arp(2, SERVER, NET | 1, CLIENT, NET | 2));
    }

    private void ping(boolean v6) {
        byte[] data = data(random.nextInt(1_400));
        int id = random.nextInt(1 << 16);
        for (int sequence = 1; sequence <= 2; sequence++) {
            ip(true, v6, v6 ? Ether.ICMPV6 : Ether.ICMP, FrameBuilder.echo(v6 ? 128 : 8, id, sequence, data));
            ip(false, v6, v6 ? Ether.ICMPV6 : Ether.ICMP, FrameBuilder.echo(v6 ? 129 : 0, id, sequence, data));
        }
    }

    private void lookup(boolean v6) {
        int port = nextPort();
        ip(true, v6, Ether.UDP, FrameBuilder.udp(port, LOOKUP_PORT, data(20 + random.nextInt(40))));
        ip(false, v6, Ether.UDP, FrameBuilder.udp(LOOKUP_PORT, port, data(40 + random.nextInt(400))));
    }

    /** A TCP connection: handshake, request, answer with an acknowledgement for every second segment, close. */
    private void transfer(boolean v6) {
        int port = nextPort();
        int client = random.nextInt();
        int server = random.nextInt();
        tcp(true, v6, port, client++, 0, Ether.TCP_SYN, 0);
        tcp(false, v6, port, server++, client, Ether.TCP_SYN | Ether.TCP_ACK, 0);
        tcp(true, v6, port, client, server, Ether.TCP_ACK, 0);
        int request = 60 + random.nextInt(500);
        tcp(true, v6, port, client, server, Ether.TCP_ACK | Ether.TCP_PSH, request);
        client += request;
        int segments = 1 + random.nextInt(24);
        for (int i = 0; i < segments; i++) {
            boolean last = i == segments - 1;
            int length = last ? 1 + random.nextInt(MSS6) : v6 ? MSS6 : MSS4;
            tcp(false, v6, port, server, client, Ether.TCP_ACK | (last ? Ether.TCP_PSH : 0), length);
            server += length;
            if (i % 2 == 1 || last) {
                tcp(true, v6, port, client, server, Ether.TCP_ACK, 0);
            }
        }
        tcp(true, v6, port, client++, server, Ether.TCP_ACK | Ether.TCP_FIN, 0);
        tcp(false, v6, port, server++, client, Ether.TCP_ACK | Ether.TCP_FIN, 0);
        tcp(true, v6, port, client, server, Ether.TCP_ACK, 0);
    }

    private void multicast() {
        byte[] question = FrameBuilder.udp(GROUP_PORT, GROUP_PORT, data(30 + random.nextInt(200)));
        add(GROUP4, NEIGHBOUR, Ether.TYPE_IPV4, FrameBuilder.ipv4(NET | 7, 0xE000_00FB, Ether.UDP, ids++, 0, question));
        byte[] group = address(0xFB);
        group[0] = (byte) 0xFF;
        group[1] = 2;
        add(GROUP6, CLIENT, Ether.TYPE_IPV6, FrameBuilder.ipv6(address(2), group, Ether.UDP, question));
        byte[] report = new byte[16];
        report[0] = 0x22;
        report[7] = 1;
        report[8] = 4;
        Net.put32(report, 12, 0xE000_00FB);
        add(IGMP_GROUP, CLIENT, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(NET | 2, 0xE000_0016, Ether.IGMP, ids++, DONT_FRAGMENT, report));
    }

    private void stream(boolean v6) {
        int port = nextPort();
        int count = 4 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            ip(random.nextInt(3) == 0, v6, Ether.UDP, FrameBuilder.udp(port, port + 1, data(random.nextInt(1_453))));
        }
    }

    private void fragmented(boolean v6) {
        byte[] open = FrameBuilder.udp(nextPort(), FILE_PORT, data(2_000 + random.nextInt(3_000)));
        int id = ids++;
        // The checksum covers the whole datagram: complete it in one piece, then cut.
        byte[] whole = FrameBuilder.ethernet(SERVER, CLIENT, 0, v6 ? Ether.TYPE_IPV6 : Ether.TYPE_IPV4,
                v6 ? FrameBuilder.ipv6(address(2), address(1), Ether.UDP, open)
                        : FrameBuilder.ipv4(NET | 2, NET | 1, Ether.UDP, id, 0, open));
        byte[] datagram = Arrays.copyOfRange(whole, whole.length - open.length, whole.length);
        for (int at = 0; at < datagram.length; at += FRAGMENT_DATA) {
            int end = Math.min(at + FRAGMENT_DATA, datagram.length);
            byte[] part = Arrays.copyOfRange(datagram, at, end);
            boolean more = end < datagram.length;
            if (v6) {
                add(SERVER, CLIENT, Ether.TYPE_IPV6, FrameBuilder.ipv6(address(2), address(1), Ether.FRAGMENT,
                        FrameBuilder.ipv6Fragment(Ether.UDP, at | (more ? 1 : 0), id, part)));
            } else {
                add(SERVER, CLIENT, Ether.TYPE_IPV4, FrameBuilder.ipv4(NET | 2, NET | 1, Ether.UDP, id,
                        at / 8 | (more ? MORE_FRAGMENTS : 0), part));
            }
        }
    }

    private void tcp(boolean fromClient, boolean v6, int port, int sequence, int acknowledged, int flags, int length) {
        int source = fromClient ? port : STREAM_PORT;
        int destination = fromClient ? STREAM_PORT : port;
        ip(fromClient, v6, Ether.TCP,
                FrameBuilder.tcp(source, destination, sequence, acknowledged, flags, data(length)));
    }

    private void ip(boolean fromClient, boolean v6, int protocol, byte[] body) {
        int from = fromClient ? 2 : 1;
        int to = fromClient ? 1 : 2;
        byte[] datagram = v6 ? FrameBuilder.ipv6(address(from), address(to), protocol, body)
                : FrameBuilder.ipv4(NET | from, NET | to, protocol, ids++, DONT_FRAGMENT, body);
        add(fromClient ? SERVER : CLIENT, fromClient ? CLIENT : SERVER, v6 ? Ether.TYPE_IPV6 : Ether.TYPE_IPV4,
                datagram);
    }

    private void add(MacAddress to, MacAddress from, int type, byte[] body) {
        frames.add(new CapturedFrame(nanos, FrameBuilder.ethernet(to, from, 0, type, body)));
        pause(20_000);
    }

    private void pause(int most) {
        nanos += 1_000 + random.nextInt(most);
    }

    private int nextPort() {
        return ports++;
    }

    private byte[] data(int length) {
        return FrameBuilder.payload(random, length);
    }

    private static byte[] address(int host) {
        byte[] a = new byte[16];
        Net.put32(a, 0, 0xFD01_0A01);
        a[15] = (byte) host;
        return a;
    }
}
