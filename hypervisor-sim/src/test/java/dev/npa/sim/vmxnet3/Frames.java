package dev.npa.sim.vmxnet3;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Frames for tests, with checksums computed by an independent, slow loop over words. */
final class Frames {

    private Frames() {}

    static byte[] hex(String text) {
        String digits = text.replaceAll("\\s", "");
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    /** A frame that is not IP, with a pattern as payload. */
    static byte[] plain(int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i * 7 + length);
        }
        byte[] head = hex("02000000000a 02000000000b 88b5");
        System.arraycopy(head, 0, frame, 0, Math.min(head.length, length));
        return frame;
    }

    static byte[] tagged(byte[] frame, int tci) {
        byte[] out = new byte[frame.length + 4];
        System.arraycopy(frame, 0, out, 0, 12);
        out[12] = (byte) 0x81;
        word(out, 14, tci);
        System.arraycopy(frame, 12, out, 16, frame.length - 12);
        return out;
    }

    /** TCP (flags and sequence given) or UDP over IPv4 or IPv6 with right checksums. */
    static byte[] ip(boolean v6, boolean tcp, int payload) {
        int l4 = v6 ? 54 : 34;
        int header = tcp ? 20 : 8;
        byte[] f = new byte[l4 + header + payload];
        byte[] ethernet = hex("02000000000a 02000000000b");
        System.arraycopy(ethernet, 0, f, 0, 12);
        word(f, 12, v6 ? 0x86DD : 0x0800);
        int l4Length = header + payload;
        if (v6) {
            f[14] = 0x60;
            word(f, 18, l4Length);
            f[20] = (byte) (tcp ? 6 : 17);
            f[21] = 64;
            for (int i = 0; i < 32; i++) {
                f[22 + i] = (byte) (0x20 + i);
            }
        } else {
            f[14] = 0x45;
            word(f, 16, 20 + l4Length);
            word(f, 18, 0x1234);
            f[22] = 64;
            f[23] = (byte) (tcp ? 6 : 17);
            System.arraycopy(hex("0a000001 0a000002"), 0, f, 26, 8);
            word(f, 24, ~sum(f, 14, 20, 0));
        }
        word(f, l4, 1111);
        word(f, l4 + 2, 2222);
        if (tcp) {
            System.arraycopy(hex("fffffe00 00000001 50"), 0, f, l4 + 4, 9);
            f[l4 + 13] = (byte) 0x99; // CWR, ACK, PSH, FIN
            word(f, l4 + 14, 4096);
        } else {
            word(f, l4 + 4, l4Length);
        }
        for (int i = l4 + header; i < f.length; i++) {
            f[i] = (byte) (i * 31);
        }
        finish(f);
        return f;
    }

    /** Recomputes the TCP or UDP checksum of an untagged frame made by {@link #ip}. */
    static void finish(byte[] f) {
        int at = checksumField(f);
        word(f, at, 0);
        int l4 = l4(f);
        int c = ~sum(f, l4, f.length - l4, pseudo(f, f.length - l4)) & 0xFFFF;
        word(f, at, c == 0 && at == l4 + 6 ? 0xFFFF : c);
    }

    /** Replaces the TCP or UDP checksum by the pseudo-header sum, as a driver asks for offload. */
    static byte[] unfinished(byte[] frame, boolean lengthZero) {
        byte[] f = frame.clone();
        word(f, checksumField(f), pseudo(f, lengthZero ? 0 : f.length - l4(f)));
        return f;
    }

    static int l4(byte[] f) {
        return f[14] >> 4 == 6 ? 54 : 34;
    }

    static int checksumField(byte[] f) {
        return l4(f) + (protocol(f) == 6 ? 16 : 6);
    }

    private static int protocol(byte[] f) {
        return f[14] >> 4 == 6 ? f[20] : f[23];
    }

    private static int pseudo(byte[] f, int length) {
        boolean v6 = f[14] >> 4 == 6;
        return sum(f, v6 ? 22 : 26, v6 ? 32 : 8, protocol(f) + length);
    }

    static int sum(byte[] b, int from, int length, int start) {
        int s = start;
        for (int i = 0; i < length; i += 2) {
            s += (b[from + i] & 0xFF) << 8 | (i + 1 < length ? b[from + i + 1] & 0xFF : 0);
            s = (s & 0xFFFF) + (s >>> 16);
        }
        return s;
    }

    static void word(byte[] b, int at, int value) {
        b[at] = (byte) (value >>> 8);
        b[at + 1] = (byte) value;
    }

    static int word(byte[] b, int at) {
        return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
