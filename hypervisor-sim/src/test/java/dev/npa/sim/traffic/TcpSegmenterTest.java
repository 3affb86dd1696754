package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Segments are put together again by reading header bytes at the offsets of RFC 791, 8200 and 9293. */
class TcpSegmenterTest {

    private static final int CWR_FIN_PSH_ACK = 0x99;

    /** A large frame with 12 bytes of TCP options, as a stack hands it to a NIC: checksum not complete. */
    private static byte[] large(boolean v6, int payload, int flags, long seed) {
        byte[] data = new byte[payload];
        new Random(seed).nextBytes(data);
        byte[] tcp = new byte[32 + payload];
        System.arraycopy(FrameBuilder.tcp(80, 4000, 0xFFFF_F000, 77, flags, new byte[0]), 0, tcp, 0, 20);
        tcp[12] = (byte) 0x80;
        tcp[20] = 1;
        tcp[21] = 1;
        tcp[22] = 8;
        tcp[23] = 10;
        System.arraycopy(data, 0, tcp, 32, payload);
        byte[] ip = v6 ? FrameBuilder.ipv6(new byte[16], new byte[16], 6, tcp)
                : FrameBuilder.ipv4(0x0A000001, 0x0A000002, 6, 0xFFFE, 0x4000, tcp);
        byte[] f = new byte[14 + ip.length];
        f[12] = (byte) (v6 ? 0x86 : 0x08);
        f[13] = (byte) (v6 ? 0xDD : 0x00);
        System.arraycopy(ip, 0, f, 14, ip.length);
        return f;
    }

    @Property(tries = 100)
    void segmentsReassembleToTheOriginal(@ForAll boolean v6, @ForAll @IntRange(min = 1, max = 65_000) int payload,
            @ForAll @IntRange(min = 576, max = 9_000) int mtu, @ForAll long seed) {
        byte[] f = large(v6, payload, CWR_FIN_PSH_ACK, seed);
        byte[] before = f.clone();
        int ip = v6 ? 40 : 20;
        List<byte[]> segments = TcpSegmenter.segment(f, Headers.parse(f), mtu - ip - 32);
        assertArrayEquals(before, f);
        int mss = mtu - ip - 32;
        assertEquals((payload + mss - 1) / mss, segments.size());
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < segments.size(); i++) {
            byte[] s = segments.get(i);
            boolean last = i == segments.size() - 1;
            assertTrue(s.length <= mtu + 14);
            assertEquals(last ? payload - i * mss : mss, s.length - 14 - ip - 32);
            assertEquals(s.length - 14 - (v6 ? 40 : 0), (s[v6 ? 18 : 16] & 0xFF) << 8 | s[v6 ? 19 : 17] & 0xFF);
            if (!v6) {
                assertEquals(0xFFFE + i & 0xFFFF, (s[18] & 0xFF) << 8 | s[19] & 0xFF);
            }
            int sequence = 0;
            for (int b = 0; b < 4; b++) {
                sequence = sequence << 8 | s[14 + ip + 4 + b] & 0xFF;
            }
            assertEquals(0xFFFF_F000 + stream.size(), sequence);
            int flags = 0x10 | (i == 0 ? 0x80 : 0) | (last ? 0x09 : 0);
            assertEquals(flags, s[14 + ip + 13] & 0xFF);
            assertEquals(0xFFFF, ChecksumsTest.foldedTransportSum(s, v6));
            stream.write(s, 14 + ip + 32, s.length - 14 - ip - 32);
        }
        byte[] expected = new byte[payload];
        System.arraycopy(f, 14 + ip + 32, expected, 0, payload);
        assertArrayEquals(expected, stream.toByteArray());
    }

    @Test
    void onlyWholeTcpFramesWithPayloadCanBeSegmented() {
        byte[] f = large(false, 5000, 0x10, 1);
        assertTrue(TcpSegmenter.canSegment(f, Headers.parse(f), 1500));
        f[14 + 6] = 0x20;
        assertFalse(TcpSegmenter.canSegment(f, Headers.parse(f), 1500));
        f[14 + 6] = 0x40;
        f[14 + 9] = 17;
        assertFalse(TcpSegmenter.canSegment(f, Headers.parse(f), 1500));
        byte[] empty = large(false, 0, 0x10, 1);
        assertFalse(TcpSegmenter.canSegment(empty, Headers.parse(empty), 1500));
    }
}
