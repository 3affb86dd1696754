package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TSO against a reference: IPv4 and IPv6, flags, identification, tags, local delivery, 57712 §4.5 and §13. */
class SegmentationTest {

    private final Lab lab = new Lab(1, 2, 1);

    private static byte[] frame(String to, boolean v6, int payload, int flags) {
        byte[] f = v6 ? Frames.ipv6(to, Frames.A, 6, payload) : Frames.ipv4(to, Frames.A, 6, payload);
        f[(v6 ? 54 : 34) + 13] = (byte) flags;
        return f;
    }

    private static Packet packet(byte[] frame, boolean v6, int mss) {
        byte[] seeded = frame.clone();
        int l4 = v6 ? 54 : 34;
        Frames.seedChecksum(seeded, v6 ? 22 : 26, v6 ? 32 : 8, l4, 6, 0);
        return new Packet(seeded).flags(v6 ? TxBd.IPV6 : 0).lso(l4, 20, mss);
    }

    @ParameterizedTest
    @CsvSource({"false, 1, 1460", "false, 1460, 1460", "false, 1461, 1460", "false, 20000, 1460", "false, 65000, 536",
        "true, 5000, 1440", "true, 1440, 1440", "true, 60000, 1000"})
    void segmentsAreThoseOfTheReference(boolean v6, int payload, int mss) {
        Queue q = lab.vf(0, Frames.A);
        byte[] frame = frame(Frames.FAR, v6, payload, 0x99); // CWR, ACK, PSH, FIN
        q.send(packet(frame, v6, mss));
        for (byte[] expected : TsoReference.segments(frame, mss)) {
            lab.run();
            byte[] got = lab.sent();
            if (expected.length < 60) {
                got = java.util.Arrays.copyOf(got, expected.length);
            }
            assertArrayEquals(expected, got);
        }
        lab.run();
        assertNull(lab.sent());
        assertEquals(1, q.index(5), "one packet, whatever it became");
        lab.noViolations();
    }

    @Test
    void outOfBandTagComesWithEachSegment() {
        Queue q = lab.vf(0, Frames.A);
        byte[] frame = frame(Frames.FAR, false, 3000, 0x10);
        q.send(packet(frame, false, 1460).tag(0x6064));
        lab.run();
        List<byte[]> expected = TsoReference.segments(frame, 1460);
        for (byte[] e : expected) {
            byte[] got = lab.sent();
            byte[] tagged = new byte[e.length + 4];
            System.arraycopy(e, 0, tagged, 0, 12);
            System.arraycopy(new byte[] {(byte) 0x81, 0, 0x60, 0x64}, 0, tagged, 12, 4);
            System.arraycopy(e, 12, tagged, 16, e.length - 12);
            assertArrayEquals(tagged, got);
        }
        lab.noViolations();
    }

    @Test
    void segmentsThatALocalQueueCannotTakeWaitInOrder() {
        Queue a = lab.vf(0, Frames.A);
        Queue b = lab.vf(1, Frames.B);
        byte[] frame = frame(Frames.B, false, 60 * 1000, 0x18);
        a.send(packet(frame, false, 1000));
        lab.run();
        assertEquals(0, a.index(5), "40 buffers do not hold 60 segments");
        assertEquals(Long.MAX_VALUE, lab.nic.nextEvent(), "it waits for the receiver");
        List<byte[]> expected = TsoReference.segments(frame, 1000);
        for (int i = 0; i < 60; i++) {
            byte[] cqe = b.nextCqe();
            long buffer = b.takeBuffer();
            assertArrayEquals(expected.get(i), b.guest.get(buffer + 2, Queue.word(cqe, 10)), "segment " + i);
            b.repost(buffer);
            lab.run();
        }
        assertEquals(1, a.index(5));
        lab.noViolations();
    }
}
