package dev.npa.sim.traffic;

import dev.npa.sim.net.packet.InternetChecksum;

/**
 * Completes checksums that a capture with offloads on left open. Covers the IPv4 header and TCP, UDP, ICMP, IGMP and
 * ICMPv6 in datagrams that are not fragmented (a fragment does not hold what its transport checksum covers).
 */
final class Checksums {

    private Checksums() {}

    /**
     * Makes every checksum of a frame right.
     *
     * @return whether one was wrong
     */
    static boolean complete(byte[] f, Headers h) {
        boolean changed = false;
        if (h.ipVersion == 4) {
            int header = 4 * (f[h.network] & 0xF);
            int field = h.network + Ether.IPV4_CHECKSUM;
            int old = Net.u16(f, field);
            Net.put16(f, field, 0);
            Net.put16(f, field, InternetChecksum.complement(InternetChecksum.sum(f, h.network, header)));
            changed = old != Net.u16(f, field);
        }
        int at = transportField(f, h);
        if (at < 0 || isUnused(f, h, at)) {
            return changed;
        }
        int old = Net.u16(f, at);
        Net.put16(f, at, 0);
        int sum = transportSum(f, h);
        Net.put16(f, at, h.protocol == Ether.UDP
                ? InternetChecksum.udpComplement(sum) : InternetChecksum.complement(sum));
        return changed | old != Net.u16(f, at);
    }

    /** Whether every checksum of the frame is right; for tests and for frames that must be left as they are. */
    static boolean areRight(byte[] f) {
        byte[] copy = f.clone();
        return !complete(copy, Headers.parse(copy));
    }

    private static boolean isUnused(byte[] f, Headers h, int at) {
        return h.protocol == Ether.UDP && h.ipVersion == 4 && Net.u16(f, at) == 0;
    }

    private static int transportField(byte[] f, Headers h) {
        if (h.ipVersion == 0 || h.fragment) {
            return -1;
        }
        int length = h.end - h.transport;
        return switch (h.protocol) {
            case Ether.TCP -> h.isTcp(f) ? h.transport + Ether.TCP_CHECKSUM : -1;
            case Ether.UDP -> length >= Ether.UDP_HEADER && Net.u16(f, h.transport + Ether.UDP_LENGTH) == length
                    ? h.transport + Ether.UDP_CHECKSUM : -1;
            case Ether.ICMP, Ether.IGMP -> h.ipVersion == 4 && length >= 8 ? h.transport + Ether.ICMP_CHECKSUM : -1;
            case Ether.ICMPV6 -> h.ipVersion == 6 && length >= 4 ? h.transport + Ether.ICMP_CHECKSUM : -1;
            default -> -1;
        };
    }

    private static int transportSum(byte[] f, Headers h) {
        int length = h.end - h.transport;
        int sum = InternetChecksum.sum(f, h.transport, length);
        if (h.protocol == Ether.ICMP || h.protocol == Ether.IGMP) {
            return sum;
        }
        // The pseudo-header of RFC 793 and of RFC 8200 section 8.1, whose length has 32 bits.
        int addresses = h.ipVersion == 4 ? InternetChecksum.sum(f, h.network + Ether.IPV4_SOURCE, 8)
                : InternetChecksum.sum(f, h.network + Ether.IPV6_SOURCE, 32);
        int numbers = InternetChecksum.add(h.protocol, InternetChecksum.add(length >>> 16, length & 0xFFFF));
        return InternetChecksum.add(sum, InternetChecksum.add(addresses, numbers));
    }
}
