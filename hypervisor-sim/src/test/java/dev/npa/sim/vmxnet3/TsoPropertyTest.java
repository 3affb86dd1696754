package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** TSO of the device against a plain reference: every segment is a frame made from scratch; vmxnet3 §11. */
class TsoPropertyTest {

    private static final long BUFFER = 0x400000;

    @Property(tries = 60)
    void segmentsAreThoseOfTheReference(@ForAll boolean v6, @ForAll @IntRange(min = 1, max = 60_000) int payload,
            @ForAll @IntRange(min = 8, max = 1440) int wanted, @ForAll @IntRange(min = -1, max = 0xFFFF) int tci,
            @ForAll @IntRange(min = 0, max = 255) int flags, @ForAll long seed) {
        int mss = Math.max(wanted, payload / 600 + 1);
        byte[] packet = Frames.ip(v6, true, payload);
        new Random(seed).nextBytes(packet);
        byte[] shape = Frames.ip(v6, true, payload);
        int header = Frames.l4(shape) + 20;
        System.arraycopy(shape, 0, packet, 0, header);
        Random random = new Random(seed + 1);
        int sequence = random.nextInt();
        int id = random.nextInt(0x10000);
        stamp(packet, sequence, id, flags);
        byte[] request = Frames.unfinished(packet, true);
        Lab lab = Lab.active();
        lab.memory.copyFrom(BUFFER, request, 0, request.length);
        int om = header | 3 << 10 | (tci < 0 ? 0 : 1 << 15 | tci << 16);
        int pieces = (request.length + 16383) / 16384;
        for (int i = 0; i < pieces; i++) {
            int n = Math.min(16384, request.length - i * 16384);
            lab.txDescriptor(BUFFER + i * 16384L, n & 0x3FFF | (i == 0 ? mss << 18 : 0),
                    (i == 0 ? om : 0) | (i == pieces - 1 ? 3 << 12 : 0));
        }
        lab.run();
        int count = (payload + mss - 1) / mss;
        assertEquals(count, lab.port.sent.size());
        for (int i = 0; i < count; i++) {
            int from = i * mss;
            int n = Math.min(mss, payload - from);
            byte[] segment = Frames.ip(v6, true, n);
            System.arraycopy(packet, header + from, segment, header, n);
            boolean last = i == count - 1;
            stamp(segment, sequence + from, id + i, flags & (last ? 0xFF : ~0x09) & (i == 0 ? 0xFF : 0x7F));
            Frames.finish(segment);
            assertArrayEquals(tci < 0 ? segment : Frames.tagged(segment, tci), lab.port.sent.get(i),
                    "segment " + i + " of " + count);
        }
        assertEquals(count, lab.statistic(true, 0));
    }

    private static void stamp(byte[] f, int sequence, int id, int flags) {
        int l4 = Frames.l4(f);
        Frames.word(f, l4 + 4, sequence >>> 16);
        Frames.word(f, l4 + 6, sequence);
        f[l4 + 13] = (byte) flags;
        if (l4 == 34) {
            Frames.word(f, 18, id);
            Frames.word(f, 24, 0);
            Frames.word(f, 24, ~Frames.sum(Arrays.copyOf(f, 34), 14, 20, 0));
        }
    }
}
