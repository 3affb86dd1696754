package dev.npa.sim.traffic;

import dev.npa.hw.MacAddress;
import dev.npa.sim.time.SeededRandom;
import java.util.Arrays;

/** Makes frames from headers and data, with right lengths and checksums. For preparation, not for the data path. */
final class FrameBuilder {

    private static final int HOPS = 64;
    /** Any value but zero: zero would mean a UDP datagram without checksum. */
    private static final int OPEN_CHECKSUM = 0xFFFF;

    private FrameBuilder() {}

    /** An Ethernet frame, padded to 60 bytes; {@code vlan} 0 = no tag. */
    static byte[] ethernet(MacAddress destination, MacAddress source, int vlan, int type, byte[] body) {
        byte[] d = datagram(destination, source, vlan, type, body);
        byte[] f = Arrays.copyOf(d, Math.max(Ether.MIN_FRAME, d.length));
        Checksums.complete(f, Headers.parse(f));
        return f;
    }

    /** An Ethernet frame without padding whose checksums are open; {@code vlan} 0 = no tag, else its TCI. */
    static byte[] datagram(MacAddress destination, MacAddress source, int vlan, int type, byte[] body) {
        int header = Ether.HEADER + (vlan != 0 ? Ether.VLAN_TAG : 0);
        byte[] f = new byte[header + body.length];
        Net.putMac(f, 0, destination.value());
        Net.putMac(f, 6, source.value());
        if (vlan != 0) {
            Net.put16(f, Ether.TYPE, Ether.TYPE_VLAN);
            Net.put16(f, Ether.TYPE + 2, vlan);
        }
        Net.put16(f, header - 2, type);
        System.arraycopy(body, 0, f, header, body.length);
        return f;
    }

    /** An IPv4 datagram or fragment; {@code fragment} is the field with flags and offset. */
    static byte[] ipv4(int source, int destination, int protocol, int id, int fragment, byte[] body) {
        return ipv4(source, destination, protocol, id, fragment, new byte[0], body);
    }

    /** The same with options, a multiple of four bytes. */
    static byte[] ipv4(int source, int destination, int protocol, int id, int fragment, byte[] options,
            byte[] body) {
        int header = Ether.IPV4_HEADER + options.length;
        byte[] d = new byte[header + body.length];
        d[0] = (byte) (0x40 | header / 4);
        Net.put16(d, Ether.IPV4_TOTAL_LENGTH, d.length);
        Net.put16(d, Ether.IPV4_ID, id);
        Net.put16(d, Ether.IPV4_FRAGMENT, fragment);
        d[8] = HOPS;
        d[Ether.IPV4_PROTOCOL] = (byte) protocol;
        Net.put32(d, Ether.IPV4_SOURCE, source);
        Net.put32(d, Ether.IPV4_SOURCE + 4, destination);
        System.arraycopy(options, 0, d, Ether.IPV4_HEADER, options.length);
        System.arraycopy(body, 0, d, header, body.length);
        return d;
    }

    /** An IPv6 datagram between two 16-byte addresses. */
    static byte[] ipv6(byte[] source, byte[] destination, int next, byte[] body) {
        byte[] d = new byte[Ether.IPV6_HEADER + body.length];
        d[0] = 0x60;
        Net.put16(d, Ether.IPV6_PAYLOAD_LENGTH, body.length);
        d[Ether.IPV6_NEXT_HEADER] = (byte) next;
        d[7] = HOPS;
        System.arraycopy(source, 0, d, Ether.IPV6_SOURCE, 16);
        System.arraycopy(destination, 0, d, Ether.IPV6_SOURCE + 16, 16);
        System.arraycopy(body, 0, d, Ether.IPV6_HEADER, body.length);
        return d;
    }

    /** An IPv6 fragment header and its data; {@code fragment} is the field with offset and flag. */
    static byte[] ipv6Fragment(int next, int fragment, int id, byte[] data) {
        byte[] d = new byte[Ether.FRAGMENT_HEADER + data.length];
        d[0] = (byte) next;
        Net.put16(d, 2, fragment);
        Net.put32(d, Ether.FRAGMENT_ID, id);
        System.arraycopy(data, 0, d, Ether.FRAGMENT_HEADER, data.length);
        return d;
    }

    static byte[] udp(int source, int destination, byte[] data) {
        byte[] d = new byte[Ether.UDP_HEADER + data.length];
        Net.put16(d, 0, source);
        Net.put16(d, 2, destination);
        Net.put16(d, Ether.UDP_LENGTH, d.length);
        Net.put16(d, Ether.UDP_CHECKSUM, OPEN_CHECKSUM);
        System.arraycopy(data, 0, d, Ether.UDP_HEADER, data.length);
        return d;
    }

    static byte[] tcp(int source, int destination, int sequence, int acknowledged, int flags, byte[] data) {
        return tcp(source, destination, sequence, acknowledged, flags, new byte[0], data);
    }

    /** The same with options, a multiple of four bytes. */
    static byte[] tcp(int source, int destination, int sequence, int acknowledged, int flags, byte[] options,
            byte[] data) {
        int header = Ether.TCP_HEADER + options.length;
        byte[] d = new byte[header + data.length];
        Net.put16(d, 0, source);
        Net.put16(d, 2, destination);
        Net.put32(d, Ether.TCP_SEQUENCE, sequence);
        Net.put32(d, 8, acknowledged);
        d[12] = (byte) (header / 4 << 4);
        d[Ether.TCP_FLAGS] = (byte) flags;
        Net.put16(d, 14, 0xFFFF);
        System.arraycopy(options, 0, d, Ether.TCP_HEADER, options.length);
        System.arraycopy(data, 0, d, header, data.length);
        return d;
    }

    /** An echo request or reply of ICMP (types 8, 0) or ICMPv6 (128, 129). */
    static byte[] echo(int type, int id, int sequence, byte[] data) {
        byte[] d = new byte[8 + data.length];
        d[0] = (byte) type;
        Net.put16(d, 4, id);
        Net.put16(d, 6, sequence);
        System.arraycopy(data, 0, d, 8, data.length);
        return d;
    }

    /** An ARP request (operation 1) or reply (2) for IPv4 over Ethernet. */
    static byte[] arp(int operation, MacAddress sender, int senderIp, MacAddress target, int targetIp) {
        byte[] d = new byte[28];
        Net.put16(d, 0, 1);
        Net.put16(d, 2, Ether.TYPE_IPV4);
        d[4] = 6;
        d[5] = 4;
        Net.put16(d, 6, operation);
        Net.putMac(d, 8, sender.value());
        Net.put32(d, 14, senderIp);
        Net.putMac(d, 18, target.value());
        Net.put32(d, 24, targetIp);
        return d;
    }

    /**
     * Random payload that begins with plain text, so that analysers that guess a protocol from the first bytes (RTP,
     * for one) do not take it for a damaged packet of theirs.
     */
    static byte[] payload(java.util.Random random, int length) {
        byte[] data = new byte[length];
        // A random generator of its own for the bulk: the other one takes a compare-and-set for every four bytes.
        SeededRandom bulk = new SeededRandom(random.nextLong());
        int at = 0;
        for (; length - at >= Long.BYTES; at += Long.BYTES) {
            Net.put64(data, at, bulk.nextLong());
        }
        for (long rest = bulk.nextLong(); at < length; at++, rest >>>= 8) {
            data[at] = (byte) rest;
        }
        byte[] mark = {'N', 'P', 'A', ' ', 'd', 'a', 't', 'a'};
        System.arraycopy(mark, 0, data, 0, Math.min(mark.length, length));
        return data;
    }
}
