package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FlowKeyTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");

    private static long key(byte[] f) {
        return FlowKey.of(ByteBuffer.allocateDirect(f.length).put(0, f), 0, f.length);
    }

    private static long udp4(int vlan, int ports, int id, int fragment, int data) {
        return key(FrameBuilder.ethernet(B, A, vlan, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(1, 2, 17, id, fragment, FrameBuilder.udp(ports, 9, new byte[data]))));
    }

    private static long fragment6(int id, int offset, int data) {
        return key(FrameBuilder.ethernet(B, A, 0, Ether.TYPE_IPV6, FrameBuilder.ipv6(new byte[16], new byte[16], 44,
                FrameBuilder.ipv6Fragment(17, offset, id, new byte[data]))));
    }

    @Test
    void portsTellFlowsApartButTagIdAndDataDoNot() {
        assertEquals(udp4(0, 5, 1, 0, 30), udp4(7, 5, 2, 0x4000, 40));
        assertNotEquals(udp4(0, 5, 1, 0, 30), udp4(0, 6, 1, 0, 30));
    }

    @Test
    void fragmentsOfADatagramAreAFlow() {
        assertEquals(udp4(0, 5, 1, 0x2000, 30), udp4(0, 6, 1, 0x2004, 40));
        assertNotEquals(udp4(0, 5, 1, 0x2000, 30), udp4(0, 5, 2, 0x2000, 30));
        assertEquals(fragment6(1, 1, 16), fragment6(1, 17, 24));
        assertNotEquals(fragment6(1, 1, 16), fragment6(2, 1, 16));
    }

    @Test
    void extensionHeadersAreSteppedOver() {
        byte[] plain = FrameBuilder.ipv6(new byte[16], new byte[16], 17, FrameBuilder.udp(5, 9, new byte[8]));
        byte[] body = new byte[8 + 16];
        body[0] = 17;
        System.arraycopy(FrameBuilder.udp(5, 9, new byte[8]), 0, body, 8, 16);
        byte[] extended = FrameBuilder.ipv6(new byte[16], new byte[16], 0, body);
        assertEquals(key(FrameBuilder.ethernet(B, A, 0, Ether.TYPE_IPV6, plain)),
                key(FrameBuilder.ethernet(B, A, 0, Ether.TYPE_IPV6, extended)));
    }

    @Test
    void otherFramesAreTheFlowOfTheirStations() {
        long one = key(FrameBuilder.ethernet(B, A, 0, 0x88B5, new byte[10]));
        assertEquals(one, key(FrameBuilder.ethernet(B, A, 0, 0x88B5, new byte[99])));
        assertNotEquals(one, key(FrameBuilder.ethernet(A, B, 0, 0x88B5, new byte[10])));
        assertNotEquals(one, key(FrameBuilder.ethernet(B, A, 0, 0x88B6, new byte[10])));
    }
}
