package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ChecksumsTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** Ones' complement sum over pseudo header and transport, checksum included: 0xFFFF when right. */
    static int foldedTransportSum(byte[] f, boolean v6) {
        int ip = v6 ? 40 : 20;
        int end = v6 ? 54 + ((f[18] & 0xFF) << 8 | f[19] & 0xFF) : 14 + ((f[16] & 0xFF) << 8 | f[17] & 0xFF);
        long sum = (v6 ? f[20] : f[23]) & 0xFF;
        sum += end - 14 - ip;
        for (int i = v6 ? 22 : 26; i < 14 + ip; i++) {
            sum += (f[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        for (int i = 14 + ip; i < end; i++) {
            sum += (f[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = (sum >>> 16) + (sum & 0xFFFF);
        }
        return (int) sum;
    }

    @Test
    void knownHeaderGetsItsKnownChecksum() {
        // The textbook IPv4 header with checksum b861.
        byte[] f = new byte[14 + 115];
        f[12] = 8;
        byte[] header = hex("4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7");
        System.arraycopy(header, 0, f, 14, 20);
        assertTrue(Checksums.complete(f, Headers.parse(f)));
        assertEquals(0xB861, Net.u16(f, 24));
        assertFalse(Checksums.complete(f, Headers.parse(f)));
    }

    @Test
    void partialChecksumsAreCompleted() {
        for (boolean v6 : new boolean[] {false, true}) {
            for (int protocol : new int[] {Ether.TCP, Ether.UDP}) {
                byte[] body = protocol == Ether.TCP ? FrameBuilder.tcp(1, 2, 3, 4, 16, new byte[31])
                        : FrameBuilder.udp(1, 2, new byte[31]);
                byte[] f = FrameBuilder.ethernet(MAC, MAC, 0, v6 ? Ether.TYPE_IPV6 : Ether.TYPE_IPV4,
                        v6 ? FrameBuilder.ipv6(new byte[16], hex("fd00000000000000000000000000aabb"), protocol, body)
                                : FrameBuilder.ipv4(7, 9, protocol, 1, 0, body));
                byte[] right = f.clone();
                assertEquals(0xFFFF, foldedTransportSum(f, v6));
                Net.put16(f, 14 + (v6 ? 40 : 20) + (protocol == Ether.TCP ? 16 : 6), 0x1234);
                assertFalse(Checksums.areRight(f));
                assertTrue(Checksums.complete(f, Headers.parse(f)));
                assertArrayEquals(right, f);
            }
        }
    }

    @Test
    void udpOverIpv4WithoutChecksumIsLeftWithout() {
        byte[] udp = FrameBuilder.udp(1, 2, new byte[20]);
        Net.put16(udp, 6, 0);
        byte[] f = FrameBuilder.ethernet(MAC, MAC, 0, Ether.TYPE_IPV4, FrameBuilder.ipv4(7, 9, 17, 1, 0, udp));
        assertEquals(0, Net.u16(f, 40));
        assertTrue(Checksums.areRight(f));
    }

    @Test
    void udpChecksumThatComesOutZeroIsSentAsOnes() {
        byte[] udp = FrameBuilder.udp(0, 0, new byte[2]);
        byte[] f = FrameBuilder.ethernet(MAC, MAC, 0, Ether.TYPE_IPV4, FrameBuilder.ipv4(0, 0, 17, 1, 0, udp));
        // Data is chosen so that all other words sum to 0xFFFF: protocol 17, twice the length 10.
        Net.put16(f, 42, 0xFFFF - 17 - 10 - 10);
        Checksums.complete(f, Headers.parse(f));
        assertEquals(0xFFFF, Net.u16(f, 40));
    }

    @Test
    void icmpAndIcmpv6AreCovered() {
        byte[] ping = FrameBuilder.ethernet(MAC, MAC, 0, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(7, 9, 1, 1, 0, FrameBuilder.echo(8, 1, 1, new byte[20])));
        byte[] ping6 = FrameBuilder.ethernet(MAC, MAC, 0, Ether.TYPE_IPV6,
                FrameBuilder.ipv6(new byte[16], new byte[16], 58, FrameBuilder.echo(128, 1, 1, new byte[20])));
        // type 8, id 1, sequence 1: ~(0x0800 + 1 + 1)
        assertEquals(0xF7FD, Net.u16(ping, 36));
        assertEquals(0xFFFF, foldedTransportSum(ping6, true));
        ping[50] ^= 1;
        ping6[70] ^= 1;
        assertFalse(Checksums.areRight(ping));
        assertFalse(Checksums.areRight(ping6));
    }

    @Test
    void fragmentsKeepTheirTransportBytes() {
        byte[] f = FrameBuilder.ethernet(MAC, MAC, 0, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(7, 9, 17, 1, 0x2000, FrameBuilder.udp(1, 2, new byte[24])));
        assertEquals(0xFFFF, Net.u16(f, 40));
        assertTrue(Checksums.areRight(f));
    }
}
