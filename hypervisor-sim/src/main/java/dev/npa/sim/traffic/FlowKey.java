package dev.npa.sim.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Which flow a frame belongs to, as a 64-bit key. Order is judged within a flow.
 *
 * <p>The key covers the Ethernet type behind VLAN tags and, for IP, both addresses, the protocol and the ports of TCP,
 * UDP and SCTP; for a fragment the datagram's identification instead of the ports; for everything else both Ethernet
 * addresses. The direction is not in the key: each direction has an account of its own.
 */
final class FlowKey {

    private static final VarHandle SHORT = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int MAX_EXTENSIONS = 8;

    private FlowKey() {}

    /** Key of the frame in {@code [offset, offset + length)}, at least 14 bytes. */
    static long of(ByteBuffer frame, int offset, int length) {
        int end = offset + length;
        int at = offset + Ether.HEADER;
        int type = u16(frame, offset + Ether.TYPE);
        while (Ether.isTag(type) && end - at >= Ether.VLAN_TAG) {
            type = u16(frame, at + 2);
            at += Ether.VLAN_TAG;
        }
        if (type == Ether.TYPE_IPV4 && end - at >= Ether.IPV4_HEADER && (frame.get(at) & 0xF0) == 0x40) {
            return ipv4(frame, at, end);
        }
        if (type == Ether.TYPE_IPV6 && end - at >= Ether.IPV6_HEADER && (frame.get(at) & 0xF0) == 0x60) {
            return ipv6(frame, at, end);
        }
        long h = join(type < Ether.FIRST_TYPE ? 0 : type, macAt(frame, offset));
        return join(h, macAt(frame, offset + 6));
    }

    /** The Ethernet address at an offset; bits 47..40 are the first byte. */
    static long macAt(ByteBuffer frame, int offset) {
        return Integer.toUnsignedLong((int) INT.get(frame, offset)) << 16 | u16(frame, offset + 4);
    }

    private static long ipv4(ByteBuffer frame, int at, int end) {
        int protocol = frame.get(at + Ether.IPV4_PROTOCOL) & 0xFF;
        long h = join(Ether.TYPE_IPV4 << 8 | protocol, (long) LONG.get(frame, at + Ether.IPV4_SOURCE));
        if ((u16(frame, at + Ether.IPV4_FRAGMENT) & Ether.IPV4_FRAGMENT_MASK) != 0) {
            return join(h, 1L << 32 | u16(frame, at + Ether.IPV4_ID));
        }
        return ports(frame, at + 4 * (frame.get(at) & 0xF), end, protocol, h);
    }

    private static long ipv6(ByteBuffer frame, int at, int end) {
        long h = Ether.TYPE_IPV6;
        for (int i = 0; i < 32; i += 8) {
            h = join(h, (long) LONG.get(frame, at + Ether.IPV6_SOURCE + i));
        }
        int next = frame.get(at + Ether.IPV6_NEXT_HEADER) & 0xFF;
        int header = at + Ether.IPV6_HEADER;
        for (int i = 0; i < MAX_EXTENSIONS && end - header >= 8; i++) {
            if (next == Ether.FRAGMENT) {
                int protocol = frame.get(header) & 0xFF;
                return join(h, (long) protocol << 32 | Integer.toUnsignedLong((int) INT.get(frame, header + 4)));
            }
            if (!Ether.isExtension(next)) {
                break;
            }
            next = frame.get(header) & 0xFF;
            header += Ether.extensionLength(frame.get(header + 1) & 0xFF);
        }
        return ports(frame, header, end, next, join(h, next));
    }

    private static long ports(ByteBuffer frame, int at, int end, int protocol, long h) {
        boolean has = protocol == Ether.TCP || protocol == Ether.UDP || protocol == Ether.SCTP;
        return has && end - at >= 4 ? join(h, Integer.toUnsignedLong((int) INT.get(frame, at))) : ContentHash.mix(h);
    }

    private static long join(long h, long value) {
        return ContentHash.mix(h * 31 + ContentHash.mix(value + 0x632B_E59B_D9B4_E019L));
    }

    private static int u16(ByteBuffer frame, int at) {
        return Short.toUnsignedInt((short) SHORT.get(frame, at));
    }
}
