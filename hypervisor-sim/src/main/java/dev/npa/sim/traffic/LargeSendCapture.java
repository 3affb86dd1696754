package dev.npa.sim.traffic;

import dev.npa.hw.MacAddress;
import dev.npa.sim.pcap.Capture;
import dev.npa.sim.pcap.CapturedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a guest's stack hands to a NIC that promises TSO, made at run time from a seed: TCP connections over IPv4 and IPv6
 * in which a client uploads in frames of up to 64 KiB and the server acknowledges, with timestamps. Same seed, same bytes.
 */
public final class LargeSendCapture {

    private static final MacAddress CLIENT = MacAddress.parse("02:00:5e:10:00:02");
    private static final MacAddress SERVER = MacAddress.parse("02:00:5e:10:00:01");
    private static final int NET = 0x0A01_0000;
    private static final int PORT = 30_057;
    private static final int DONT_FRAGMENT = 0x4000;
    /** Payload of the largest frame: IPv4 datagrams have 65535 bytes at most. */
    private static final int LARGEST = 65_160;
    private static final int WINDOW_SCALE = 10;

    private final Random random;
    private final List<CapturedFrame> frames = new ArrayList<>();
    private long nanos;
    private int ids;

    private LargeSendCapture(long seed) {
        random = new Random(seed);
    }

    /** The default capture: three connections of each IP version. */
    public static Capture make() {
        LargeSendCapture capture = new LargeSendCapture(1);
        for (int i = 0; i < 6; i++) {
            capture.upload(i % 2 == 1, 40_000 + i, 6);
        }
        return new Capture("built-in large sends", capture.frames, 0, 0);
    }

    private void upload(boolean v6, int port, int sends) {
        int client = random.nextInt();
        int server = random.nextInt();
        tcp(true, v6, port, client++, 0, Ether.TCP_SYN, 0);
        tcp(false, v6, port, server++, client, Ether.TCP_SYN | Ether.TCP_ACK, 0);
        tcp(true, v6, port, client, server, Ether.TCP_ACK, 0);
        for (int i = 0; i < sends; i++) {
            int length = i == 0 ? LARGEST : 1 + random.nextInt(LARGEST);
            tcp(true, v6, port, client, server, Ether.TCP_ACK | Ether.TCP_PSH, length);
            client += length;
            tcp(false, v6, port, server, client, Ether.TCP_ACK, 0);
        }
        tcp(true, v6, port, client++, server, Ether.TCP_ACK | Ether.TCP_FIN, 0);
        tcp(false, v6, port, server++, client, Ether.TCP_ACK | Ether.TCP_FIN, 0);
        tcp(true, v6, port, client, server, Ether.TCP_ACK, 0);
    }

    private void tcp(boolean fromClient, boolean v6, int port, int sequence, int acknowledged, int flags, int length) {
        byte[] body = FrameBuilder.tcp(fromClient ? port : PORT, fromClient ? PORT : port, sequence, acknowledged, flags,
                options((flags & Ether.TCP_SYN) != 0), FrameBuilder.payload(random, length));
        int from = fromClient ? 2 : 1;
        int to = fromClient ? 1 : 2;
        byte[] datagram = v6 ? FrameBuilder.ipv6(address(from), address(to), Ether.TCP, body)
                : FrameBuilder.ipv4(NET | from, NET | to, Ether.TCP, ids, DONT_FRAGMENT, body);
        // As many as the frame's segments take.
        ids += 1 + length / 1448;
        frames.add(new CapturedFrame(nanos, FrameBuilder.ethernet(fromClient ? SERVER : CLIENT,
                fromClient ? CLIENT : SERVER, 0, v6 ? Ether.TYPE_IPV6 : Ether.TYPE_IPV4, datagram)));
        nanos += 600_000;
    }

    /** A timestamp; in the handshake MSS and window scale too, without which windows were smaller than what is sent. */
    private byte[] options(boolean handshake) {
        byte[] options = new byte[handshake ? 20 : 12];
        options[0] = 1;
        options[1] = 1;
        options[2] = 8;
        options[3] = 10;
        Net.put32(options, 4, (int) (nanos / 1_000_000) + 1);
        if (handshake) {
            options[12] = 1;
            options[13] = 3;
            options[14] = 3;
            options[15] = WINDOW_SCALE;
            options[16] = 2;
            options[17] = 4;
            Net.put16(options, 18, 1440);
        }
        return options;
    }

    private static byte[] address(int host) {
        byte[] a = new byte[16];
        Net.put32(a, 0, 0xFD01_0A01);
        a[15] = (byte) host;
        return a;
    }
}
