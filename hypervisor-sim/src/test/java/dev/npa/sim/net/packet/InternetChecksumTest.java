package dev.npa.sim.net.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {

    private static ByteBuffer buffer(byte[] bytes, ByteOrder order) {
        return ByteBuffer.allocateDirect(bytes.length).put(0, bytes).order(order);
    }

    @Test
    void exampleOfRfc1071() {
        byte[] bytes = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
        assertEquals(0xddf2, InternetChecksum.sum(buffer(bytes, ByteOrder.LITTLE_ENDIAN), 0, 8));
        assertEquals(0xddf2, InternetChecksum.sum(buffer(bytes, ByteOrder.BIG_ENDIAN), 0, 8));
        assertEquals(0x220d, InternetChecksum.complement(0xddf2));
    }

    @Test
    void udpNeverSendsZero() {
        assertEquals(0xFFFF, InternetChecksum.udpComplement(0xFFFF));
        assertEquals(0, InternetChecksum.complement(0xFFFF));
        assertEquals(1, InternetChecksum.udpComplement(0xFFFE));
    }

    @Property
    void agreesWithTheDefinitionAtAnyOffsetAndLength(@ForAll @Size(max = 200) byte[] bytes,
            @ForAll @IntRange(max = 9) int skip) {
        int from = Math.min(skip, bytes.length);
        int length = bytes.length - from;
        int expected = 0;
        for (int i = 0; i < length; i++) {
            expected += (bytes[from + i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
            expected = (expected & 0xFFFF) + (expected >>> 16);
        }
        assertEquals(expected, InternetChecksum.sum(buffer(bytes, ByteOrder.LITTLE_ENDIAN), from, length));
        assertEquals(expected, InternetChecksum.sum(buffer(bytes, ByteOrder.BIG_ENDIAN), from, length));
        assertEquals(expected, InternetChecksum.sum(bytes, from, length));
    }

    @Property
    void partsAddUp(@ForAll @Size(max = 64) byte[] bytes, @ForAll @IntRange(max = 32) int half) {
        int cut = Math.min(2 * half, bytes.length);
        ByteBuffer b = buffer(bytes, ByteOrder.LITTLE_ENDIAN);
        assertEquals(InternetChecksum.sum(b, 0, bytes.length), InternetChecksum.add(InternetChecksum.sum(b, 0, cut),
                InternetChecksum.sum(b, cut, bytes.length - cut)));
    }
}
