package dev.npa.sim.nic.broadcom;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;

/** Ethernet frames for tests, without FCS. Checksums here are computed byte by byte, unlike the device's. */
final class Frames {

    static final String A = "02:00:00:00:00:0a";
    static final String B = "02:00:00:00:00:0b";
    static final String PF = "02:00:00:00:00:0f";
    static final String FAR = "02:00:00:00:00:99";
    static final String ALL = "ff:ff:ff:ff:ff:ff";
    static final String GROUP = "01:00:5e:00:12:34";

    private Frames() {
    }

    /** A frame of {@code length} bytes with a pattern behind its header. */
    static byte[] plain(String to, String from, int length) {
        ByteBuffer b = ByteBuffer.allocate(length);
        header(b, to, from);
        b.putShort((short) 0x88B5);
        while (b.hasRemaining()) {
            b.put((byte) (b.position() * 7));
        }
        return b.array();
    }

    static byte[] tagged(String to, String from, int tci, int length) {
        ByteBuffer b = ByteBuffer.allocate(length);
        header(b, to, from);
        b.putShort((short) 0x8100).putShort((short) tci).putShort((short) 0x88B5);
        while (b.hasRemaining()) {
            b.put((byte) (b.position() * 3));
        }
        return b.array();
    }

    /** IPv4 with TCP (6) or UDP (17) and correct checksums. */
    static byte[] ipv4(String to, String from, int protocol, int payload) {
        int l4 = protocol == 6 ? 20 : 8;
        ByteBuffer b = ByteBuffer.allocate(14 + 20 + l4 + payload);
        header(b, to, from);
        b.putShort((short) 0x0800);
        b.put((byte) 0x45).put((byte) 0).putShort((short) (20 + l4 + payload)).putShort((short) 0x1234)
                .putShort((short) 0x4000).put((byte) 64).put((byte) protocol).putShort((short) 0)
                .putInt(0x0A000001).putInt(0x0A000002);
        transport(b, protocol, l4, payload);
        b.putShort(24, (short) ~sum(b, 14, 20, 0));
        putTransportSum(b, protocol, 26, 8, 34, l4 + payload);
        return b.array();
    }

    /** IPv6 with TCP or UDP and correct checksums. */
    static byte[] ipv6(String to, String from, int protocol, int payload) {
        int l4 = protocol == 6 ? 20 : 8;
        ByteBuffer b = ByteBuffer.allocate(14 + 40 + l4 + payload);
        header(b, to, from);
        b.putShort((short) 0x86DD);
        b.putInt(0x6000_0000).putShort((short) (l4 + payload)).put((byte) protocol).put((byte) 64);
        for (int i = 0; i < 32; i++) {
            b.put((byte) (0x20 + i));
        }
        transport(b, protocol, l4, payload);
        putTransportSum(b, protocol, 22, 32, 54, l4 + payload);
        return b.array();
    }

    private static void header(ByteBuffer b, String to, String from) {
        for (String text : new String[] {to, from}) {
            MacAddress mac = MacAddress.parse(text);
            for (int i = 0; i < 6; i++) {
                b.put(mac.octet(i));
            }
        }
    }

    private static void transport(ByteBuffer b, int protocol, int l4, int payload) {
        b.putShort((short) 1000).putShort((short) 2000);
        if (protocol == 6) {
            b.putInt(0x0102_0304).putInt(0x0506_0708).putShort((short) 0x5019).putShort((short) 512).putInt(0);
        } else {
            b.putShort((short) (l4 + payload)).putShort((short) 0);
        }
        for (int i = 0; i < payload; i++) {
            b.put((byte) (i * 13 + 1));
        }
    }

    private static void putTransportSum(ByteBuffer b, int protocol, int addresses, int addressBytes, int at,
            int length) {
        int pseudo = sum(b, addresses, addressBytes, protocol + length);
        b.putShort(at + (protocol == 6 ? 16 : 6), (short) ~sum(b, at, length, pseudo));
    }

    /** Sum of the pseudo-header as software leaves it in the checksum field; without length for segmentation. */
    static void seedChecksum(byte[] frame, int addresses, int addressBytes, int at, int protocol, int length) {
        ByteBuffer b = ByteBuffer.wrap(frame);
        b.putShort(at + (protocol == 6 ? 16 : 6), (short) sum(b, addresses, addressBytes, protocol + length));
    }

    /** One's-complement sum of big-endian words. */
    static int sum(ByteBuffer b, int offset, int length, int start) {
        int sum = start;
        for (int i = 0; i < length; i += 2) {
            sum += (b.get(offset + i) & 0xFF) << 8 | (i + 1 < length ? b.get(offset + i + 1) & 0xFF : 0);
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }
}
