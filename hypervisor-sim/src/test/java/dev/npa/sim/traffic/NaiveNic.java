package dev.npa.sim.traffic;

import dev.npa.shell.PacketFlags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a NIC does with requests and with received frames, written plainly over byte arrays: for Ethernet with at most
 * one tag, IPv4, IPv6 without extension headers, TCP and UDP.
 */
final class NaiveNic {

    private NaiveNic() {}

    static int u16(byte[] f, int at) {
        return (f[at] & 0xFF) << 8 | f[at + 1] & 0xFF;
    }

    static void put16(byte[] f, int at, int value) {
        f[at] = (byte) (value >> 8);
        f[at + 1] = (byte) value;
    }

    private static int sum(byte[] f, int from, int to, int start) {
        long sum = start;
        for (int i = from; i < to; i++) {
            sum += (i - from) % 2 == 0 ? (f[i] & 0xFF) << 8 : f[i] & 0xFF;
        }
        while (sum > 0xFFFF) {
            sum = sum % 0x10000 + sum / 0x10000;
        }
        return (int) sum;
    }

    static byte[] tag(byte[] f, int tci) {
        byte[] t = new byte[f.length + 4];
        System.arraycopy(f, 0, t, 0, 12);
        put16(t, 12, 0x8100);
        put16(t, 14, tci);
        System.arraycopy(f, 12, t, 16, f.length - 12);
        return t;
    }

    static byte[] untag(byte[] f) {
        byte[] t = new byte[f.length - 4];
        System.arraycopy(f, 0, t, 0, 12);
        System.arraycopy(f, 16, t, 12, t.length - 12);
        return t;
    }

    static void insertIp(byte[] f, int l2, int l3) {
        put16(f, l2 + 10, 0);
        put16(f, l2 + 10, 0xFFFF - sum(f, l2, l2 + l3, 0));
    }

    static void insertL4(byte[] f, int l2, int l3, int protocol, int end) {
        boolean v4 = f[l2] >> 4 == 4;
        int field = l2 + l3 + (protocol == 6 ? 16 : 6);
        put16(f, field, 0);
        int pseudo = sum(f, v4 ? l2 + 12 : l2 + 8, v4 ? l2 + 20 : l2 + 40, protocol + end - l2 - l3);
        int value = 0xFFFF - sum(f, l2 + l3, end, pseudo);
        put16(f, field, protocol == 17 && value == 0 ? 0xFFFF : value);
    }

    /** The frames of a record on the wire, by the header lengths of its transmit word. */
    static List<byte[]> send(FakeGuest.Record r) {
        int l2 = (int) r.offload() & 0x7F;
        int l3 = (int) (r.offload() >> 7) & 0x1FF;
        int l4 = (int) (r.offload() >> 16) & 0xFF;
        int mss = (int) (r.offload() >> 24) & 0xFFFF;
        int tci = (int) (r.offload() >> 40) & 0xFFFF;
        List<byte[]> out = new ArrayList<>();
        if ((r.flags() & PacketFlags.TX_TSO) != 0) {
            int header = l2 + l3 + l4;
            for (int at = header; at < r.frame().length; at += mss) {
                out.add(segment(r.frame(), l2, l3, header, at, Math.min(mss, r.frame().length - at), mss));
            }
        } else {
            byte[] f = r.frame().clone();
            if ((r.flags() & PacketFlags.TX_IP_CHECKSUM) != 0) {
                insertIp(f, l2, l3);
            }
            int protocol = (r.flags() & PacketFlags.TX_TCP_CHECKSUM) != 0 ? 6
                    : (r.flags() & PacketFlags.TX_UDP_CHECKSUM) != 0 ? 17 : 0;
            if (protocol != 0) {
                insertL4(f, l2, l3, protocol, f.length);
            }
            out.add(f);
        }
        if ((r.flags() & PacketFlags.TX_VLAN) != 0) {
            out.replaceAll(f -> tag(f, tci));
        }
        return out;
    }

    private static byte[] segment(byte[] f, int l2, int l3, int header, int at, int bytes, int mss) {
        byte[] s = Arrays.copyOf(f, header + bytes);
        System.arraycopy(f, at, s, header, bytes);
        int index = (at - header) / mss;
        if (f[l2] >> 4 == 4) {
            put16(s, l2 + 2, s.length - l2);
            put16(s, l2 + 4, u16(f, l2 + 4) + index);
            insertIp(s, l2, l3);
        } else {
            put16(s, l2 + 4, s.length - l2 - 40);
        }
        int tcp = l2 + l3;
        long sequence = ((long) u16(f, tcp + 4) << 16 | u16(f, tcp + 6)) + at - header;
        put16(s, tcp + 4, (int) (sequence >> 16));
        put16(s, tcp + 6, (int) sequence);
        if (at + bytes < f.length) {
            s[tcp + 13] &= ~0x09;
        }
        if (index > 0) {
            s[tcp + 13] &= 0x7F;
        }
        insertL4(s, l2, l3, 6, s.length);
        return s;
    }

    /** Segments that follow one another, none but the last shorter than the first, as one frame. */
    static byte[] merge(List<byte[]> segments, int l2, int l3) {
        byte[] first = segments.get(0);
        byte[] last = segments.get(segments.size() - 1);
        int header = l2 + l3 + (first[l2 + l3 + 12] >> 4 & 15) * 4;
        byte[] m = Arrays.copyOf(first, header + segments.stream().mapToInt(s -> s.length - header).sum());
        int at = header;
        for (byte[] s : segments) {
            System.arraycopy(s, header, m, at, s.length - header);
            at += s.length - header;
            m[l2 + l3 + 13] |= s[l2 + l3 + 13];
        }
        System.arraycopy(last, l2 + l3 + 8, m, l2 + l3 + 8, 4);
        System.arraycopy(last, l2 + l3 + 14, m, l2 + l3 + 14, 2);
        System.arraycopy(last, l2 + l3 + 20, m, l2 + l3 + 20, header - l2 - l3 - 20);
        if (first[l2] >> 4 == 4) {
            put16(m, l2 + 2, m.length - l2);
            insertIp(m, l2, l3);
        } else {
            put16(m, l2 + 4, m.length - l2 - 40);
        }
        return m;
    }
}
