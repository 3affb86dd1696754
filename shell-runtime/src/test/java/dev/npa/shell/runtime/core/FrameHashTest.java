package dev.npa.shell.runtime.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameHashTest {

    private static final int AT = 0x1000;
    private static final int TCI = 0xA00A;

    private final PhysicalMemory memory = PhysicalMemory.allocate(AT, 64 << 10);
    private final FrameHash hash = new FrameHash();

    private static byte[] frame(int length, long seed) {
        byte[] frame = new byte[length];
        new Random(seed).nextBytes(frame);
        return frame;
    }

    private static byte[] tagged(byte[] frame) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        tagged[12] = (byte) 0x81;
        tagged[13] = 0;
        tagged[14] = (byte) (TCI >> 8);
        tagged[15] = (byte) TCI;
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    /** The hash of a frame in buffers of so many bytes; {@code tci} is a stripped tag's, or -1. */
    private long of(byte[] frame, int buffer, int tci) {
        PacketBurst burst = new PacketBurst(16);
        int segments = (frame.length + buffer - 1) / buffer;
        for (int s = 0; s < segments; s++) {
            int from = s * buffer;
            int length = Math.min(buffer, frame.length - from);
            memory.copyFrom(AT + 10_000L * s + 3, frame, from, length);
            int i = burst.add(AT + 10_000L * s + 3, s, length, (s == 0 ? PacketFlags.SOP : 0)
                    | (s == segments - 1 ? PacketFlags.EOP : 0) | (s == 0 && tci >= 0 ? PacketFlags.RX_VLAN : 0));
            burst.offload(i, PacketBurst.rxOffload(0x1234, Math.max(0, tci)));
        }
        return hash.of(memory, burst, 0, segments);
    }

    @Test
    void buffersOfAnotherDeviceMakeNoDifference() {
        byte[] jumbo = frame(9014, 1);
        long whole = of(jumbo, 9014, -1);
        for (int buffer : new int[] {2048, 2046, 2041, 4096}) {
            assertEquals(whole, of(jumbo, buffer, -1), buffer + " bytes");
        }
    }

    @Test
    void aStrippedTagCountsAsOneInPlace() {
        byte[] frame = frame(300, 2);
        long tagged = of(tagged(frame), 2048, -1);
        assertEquals(tagged, of(frame, 2048, TCI));
        assertNotEquals(tagged, of(frame, 2048, -1), "the tag counts");
        assertNotEquals(tagged, of(frame, 2048, TCI + 1), "and its bits do");
    }

    @Test
    void paddingCountsForNothing() {
        byte[] frame = frame(42, 3);
        assertEquals(of(Arrays.copyOf(frame, 60), 2048, -1), of(frame, 2048, -1));
        assertEquals(of(Arrays.copyOf(tagged(frame), 60), 2048, -1), of(Arrays.copyOf(frame, 60), 2048, TCI));
    }

    @Test
    void everyByteCounts() {
        byte[] frame = frame(131, 4);
        long before = of(frame, 2048, -1);
        for (int i = 0; i < frame.length; i++) {
            byte[] other = frame.clone();
            other[i] ^= 0x40;
            assertNotEquals(before, of(other, 2048, -1), "byte " + i);
        }
    }
}
