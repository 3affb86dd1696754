package dev.npa.sim.traffic;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a large TCP frame, as a stack hands it to a NIC that promises TSO, into the frames that a stack without TSO
 * would have sent: sequence numbers advance, FIN and PSH stay on the last, CWR on the first, IPv4 identifications count
 * up, lengths and checksums are made right.
 */
final class TcpSegmenter {

    private TcpSegmenter() {}

    /** Whether {@link #segment} can split this frame: TCP with payload, and room for payload behind its headers. */
    static boolean canSegment(byte[] f, Headers h, int mtu) {
        return h.isTcp(f) && payload(f, h) < h.end && mtu > payload(f, h) - h.network;
    }

    /**
     * Splits a frame.
     *
     * @param f the frame; left as it is
     * @param h its headers
     * @param mss payload bytes of a segment
     */
    static List<byte[]> segment(byte[] f, Headers h, int mss) {
        int payload = payload(f, h);
        List<byte[]> segments = new ArrayList<>();
        int index = 0;
        for (int at = payload; at < h.end; at += mss) {
            int length = Math.min(mss, h.end - at);
            byte[] s = new byte[payload + length];
            System.arraycopy(f, 0, s, 0, payload);
            System.arraycopy(f, at, s, payload, length);
            fixHeaders(s, h, at - payload, index, at + length == h.end);
            index++;
            segments.add(s);
        }
        return segments;
    }

    private static void fixHeaders(byte[] s, Headers h, int advanced, int index, boolean last) {
        if (h.ipVersion == 4) {
            Net.put16(s, h.network + Ether.IPV4_TOTAL_LENGTH, s.length - h.network);
            Net.put16(s, h.network + Ether.IPV4_ID, Net.u16(s, h.network + Ether.IPV4_ID) + index);
        } else {
            Net.put16(s, h.network + Ether.IPV6_PAYLOAD_LENGTH, s.length - h.network - Ether.IPV6_HEADER);
        }
        int sequence = h.transport + Ether.TCP_SEQUENCE;
        Net.put32(s, sequence, Net.get32(s, sequence) + advanced);
        int clear = (index > 0 ? Ether.TCP_CWR : 0) | (last ? 0 : Ether.TCP_FIN | Ether.TCP_PSH);
        s[h.transport + Ether.TCP_FLAGS] &= (byte) ~clear;
        Checksums.complete(s, Headers.parse(s));
    }

    private static int payload(byte[] f, Headers h) {
        return h.transport + h.tcpHeader(f);
    }
}
