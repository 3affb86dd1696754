package dev.npa.shell.runtime.fake;

import dev.npa.shell.PacketFlags;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a NIC makes of a packet with requests, written for tests from the RFCs and from nothing of the shell: every sum
 * is taken over a pseudo header that is put together from the addresses.
 */
public final class Reference {

    private Reference() {}

    /** The frames that leave for a packet with these requests. */
    public static List<byte[]> apply(byte[] frame, int flags, long offload) {
        int l2 = (int) offload & 0x7F;
        int l3 = (int) (offload >> 7) & 0x1FF;
        int l4 = (int) (offload >> 16) & 0xFF;
        int mss = (int) (offload >> 24) & 0xFFFF;
        int tci = (int) (offload >> 40) & 0xFFFF;
        boolean tso = (flags & PacketFlags.TX_TSO) != 0;
        boolean v4 = (flags & PacketFlags.TX_IPV4) != 0;
        List<byte[]> frames = tso ? cut(frame, v4, l2, l3, l4, mss) : new ArrayList<>(List.of(frame.clone()));
        for (int i = 0; i < frames.size(); i++) {
            byte[] f = frames.get(i);
            if (v4 && (tso || (flags & PacketFlags.TX_IP_CHECKSUM) != 0)) {
                put16(f, l2 + 10, 0);
                put16(f, l2 + 10, ~sum(Arrays.copyOfRange(f, l2, l2 + l3)));
            }
            if (tso || (flags & PacketFlags.TX_TCP_CHECKSUM) != 0) {
                transport(f, v4, l2, l3, 6, 16);
            } else if ((flags & PacketFlags.TX_UDP_CHECKSUM) != 0) {
                transport(f, v4, l2, l3, 17, 6);
            }
            if ((flags & PacketFlags.TX_VLAN) != 0) {
                ByteBuffer tagged = ByteBuffer.allocate(f.length + 4);
                tagged.put(f, 0, 12).putShort((short) 0x8100).putShort((short) tci).put(f, 12, f.length - 12);
                frames.set(i, tagged.array());
            }
        }
        return frames;
    }

    private static List<byte[]> cut(byte[] frame, boolean v4, int l2, int l3, int l4, int mss) {
        List<byte[]> segments = new ArrayList<>();
        int headers = l2 + l3 + l4;
        int payload = frame.length - headers;
        int count = (payload + mss - 1) / mss;
        for (int n = 0; n < count; n++) {
            int size = Math.min(mss, payload - n * mss);
            ByteBuffer f = ByteBuffer.allocate(headers + size);
            f.put(frame, 0, headers).put(frame, headers + n * mss, size);
            if (v4) {
                f.putShort(l2 + 2, (short) (l3 + l4 + size));
                f.putShort(l2 + 4, (short) (f.getShort(l2 + 4) + n));
            } else {
                f.putShort(l2 + 4, (short) (l3 - 40 + l4 + size));
            }
            f.putInt(l2 + l3 + 4, f.getInt(l2 + l3 + 4) + n * mss);
            int bits = f.get(l2 + l3 + 13);
            if (n < count - 1) {
                bits &= ~0x09; // FIN and PSH belong to the last
            }
            if (n > 0) {
                bits &= ~0x80; // CWR belongs to the first
            }
            f.put(l2 + l3 + 13, (byte) bits);
            segments.add(f.array());
        }
        return segments;
    }

    private static void transport(byte[] f, boolean v4, int l2, int l3, int protocol, int field) {
        int start = l2 + l3;
        int end = v4 ? l2 + get16(f, l2 + 2) : l2 + 40 + get16(f, l2 + 4);
        put16(f, start + field, 0);
        int sum = ~sum(pseudo(f, v4, l2, protocol, end - start), Arrays.copyOfRange(f, start, end)) & 0xFFFF;
        put16(f, start + field, protocol == 17 && sum == 0 ? 0xFFFF : sum);
    }

    private static byte[] pseudo(byte[] f, boolean v4, int l2, int protocol, int length) {
        ByteBuffer header = ByteBuffer.allocate(v4 ? 12 : 40);
        if (v4) {
            header.put(f, l2 + 12, 8).put((byte) 0).put((byte) protocol).putShort((short) length);
        } else {
            header.put(f, l2 + 8, 32).putInt(length).putInt(protocol);
        }
        return header.array();
    }

    /** What a stack leaves in the checksum field: the folded sum over the pseudo header with this length. */
    public static int pseudoSum(byte[] f, boolean v4, int l2, int protocol, int length) {
        return sum(pseudo(f, v4, l2, protocol, length));
    }

    private static int sum(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        byte[] bytes = all.toByteArray();
        long sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (long) (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = (sum >> 16) + (sum & 0xFFFF);
        }
        return (int) sum;
    }

    private static int get16(byte[] f, int at) {
        return (f[at] & 0xFF) << 8 | f[at + 1] & 0xFF;
    }

    private static void put16(byte[] f, int at, int value) {
        f[at] = (byte) (value >> 8);
        f[at + 1] = (byte) value;
    }
}
