package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregations: what the reference segmenter took apart comes back as one frame, 57712 §5.5. */
class TpaTest {

    private final Lab lab = new Lab(1, 1, 2);
    private final Firmware fw = lab.pf[0];
    private final Queue q = lab.vf(0, fw.vfSpec(0, 0).tpa(), Frames.A).postSges(64, 2048);

    private static byte[] big(boolean v6, int payload) {
        byte[] f = v6 ? Frames.ipv6(Frames.A, Frames.FAR, 6, payload) : Frames.ipv4(Frames.A, Frames.FAR, 6, payload);
        f[(v6 ? 54 : 34) + 13] = 0x10;
        return f;
    }

    private void send(List<byte[]> segments) {
        segments.forEach(lab::offer);
        lab.pass(segments.size() * 1300L);
    }

    /** What start and stop CQE describe. */
    private byte[] merged(byte[] start, byte[] stop, long buffer) {
        byte[] frame = new byte[Queue.word(stop, 10)];
        int onBd = Queue.word(start, 12);
        System.arraycopy(q.guest.get(buffer + start[3], onBd), 0, frame, 0, onBd);
        q.gather(stop, frame, onBd);
        return frame;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void segmentsBecomeOneFrame(boolean v6) {
        byte[] frame = big(v6, 8400);
        List<byte[]> segments = TsoReference.segments(frame, 1400);
        send(segments);
        byte[] start = q.nextCqe();
        assertEquals(2, start[0] & 3);
        assertEquals(segments.get(0).length, Queue.word(start, 10));
        assertEquals(segments.get(0).length, Queue.word(start, 12));
        assertNull(q.nextCqe(), "still open");
        long deadline = lab.nic.nextEvent();
        lab.now = deadline;
        lab.run();
        byte[] stop = q.nextCqe();
        assertEquals(3, stop[0] & 3);
        assertEquals(start[2], stop[2], "the bin");
        assertEquals(6, Queue.word(stop, 8), "segments");
        byte[] got = merged(start, stop, q.takeBuffer());
        int l4 = v6 ? 54 : 34;
        got[l4 + 16] = frame[l4 + 16]; // the TCP checksum is the first segment's
        got[l4 + 17] = frame[l4 + 17];
        assertArrayEquals(frame, got);
        lab.noViolations();
    }

    @Test
    void aShorterSegmentClosesAndALongerOneIsNotMerged() {
        byte[] frame = big(false, 2600);
        send(TsoReference.segments(frame, 1400));
        assertEquals(2, q.nextCqe()[0] & 3);
        assertEquals(2, Queue.word(q.nextCqe(), 8), "the shorter one is in and ends it");
        List<byte[]> small = TsoReference.segments(big(false, 1000), 1000);
        byte[] first = small.get(0);
        byte[] large = TsoReference.segments(big(false, 2400), 1200).get(1);
        // The long segment follows the short one in sequence.
        ByteBuffer.wrap(large).putInt(38, ByteBuffer.wrap(first).getInt(38) + 1000);
        send(List.of(first, fixChecksum(large)));
        assertEquals(2, q.nextCqe()[0] & 3);
        assertEquals(1, Queue.word(q.nextCqe(), 8), "closed with one segment");
        assertEquals(2, q.nextCqe()[0] & 3, "the longer one begins anew");
        lab.pass(30_000);
        assertEquals(3, q.nextCqe()[0] & 3);
        lab.noViolations();
    }

    @Test
    void pushClosesAtOnce() {
        byte[] frame = big(false, 2800);
        frame[47] = 0x18;
        send(TsoReference.segments(frame, 1400));
        assertEquals(2, q.nextCqe()[0] & 3);
        assertEquals(2, Queue.word(q.nextCqe(), 8));
    }

    @Test
    void aFrameThatDoesNotFollowClosesAndOrderIsKept() {
        List<byte[]> s = TsoReference.segments(big(false, 4200), 1400);
        byte[] fin = s.get(2).clone();
        ByteBuffer.wrap(fin).put(47, (byte) 0x11);
        fin = fixChecksum(fin);
        send(List.of(s.get(0), s.get(1), fin));
        assertEquals(2, q.nextCqe()[0] & 3);
        assertEquals(3, q.nextCqe()[0] & 3);
        byte[] last = q.nextCqe();
        assertEquals(0, last[0] & 3);
        q.takeBuffer();
        assertArrayEquals(fin, q.frame(last));
    }

    private static byte[] fixChecksum(byte[] f) {
        return TsoReference.segments(f, 2000).get(0);
    }

    @Test
    void gapsOptionsAndBadChecksumsAreNotMerged() {
        List<byte[]> s = TsoReference.segments(big(false, 4200), 1400);
        byte[] bad = s.get(1).clone();
        bad[100] ^= 1;
        send(List.of(s.get(0), s.get(2)));
        assertEquals(2, q.nextCqe()[0] & 3);
        assertEquals(3, q.nextCqe()[0] & 3, "a gap closes");
        assertEquals(2, q.nextCqe()[0] & 3, "and begins anew");
        lab.pass(30_000);
        assertEquals(3, q.nextCqe()[0] & 3);
        send(List.of(bad));
        assertEquals(Cqe.L4_BAD, q.nextCqe()[0] & 0x23);
    }

    @Test
    void sizeLimitCloses() {
        List<byte[]> s = TsoReference.segments(big(false, 1400 * 12), 1400);
        send(s);
        assertEquals(2, q.nextCqe()[0] & 3);
        byte[] stop = q.nextCqe();
        assertEquals(11, Queue.word(stop, 8), "54 + 11 * 1400 fit 16000 bytes, twelve do not");
        assertEquals(2, q.nextCqe()[0] & 3);
    }

    @Test
    void eightFlowsAtATime() {
        for (int flow = 0; flow < 9; flow++) {
            byte[] f = big(false, 1000);
            f[35] = (byte) flow;
            lab.offer(fixChecksum(f));
        }
        lab.pass(9_000);
        for (int flow = 0; flow < 8; flow++) {
            assertEquals(flow, q.nextCqe()[2]);
        }
        byte[] stop = q.nextCqe();
        assertEquals(3, stop[0] & 3);
        assertEquals(0, stop[2], "the oldest bin made room");
        assertEquals(0, q.nextCqe()[2]);
    }

    @Test
    void haltClosesBeforeItCompletes() {
        send(TsoReference.segments(big(false, 2800), 1400));
        assertEquals(2, q.nextCqe()[0] & 3);
        assertNull(q.nextCqe());
        fw.spq(2, 0, 1024, q.client);
        lab.ramrodDone(0, 2);
        assertEquals(3, q.nextCqe()[0] & 3);
    }

    @Test
    void holdClosesToo() {
        send(TsoReference.segments(big(false, 2800), 1400));
        fw.grc.write32(0x601F0, 1);
        assertEquals(2, q.nextCqe()[0] & 3);
        assertEquals(3, q.nextCqe()[0] & 3);
    }

    @Test
    void aReservedCqeIsThereWhenTheRingRunsFull() {
        Queue small = lab.pf[0].openVf(lab.pf[0].vfSpec(0, 1).tpa());
        lab.ramrodDone(0, 1);
        fw.mac(small, 8, Frames.B);
        fw.vlan(small, 8, 0);
        fw.accept(small, 8, Lab.NORMAL, Lab.NORMAL);
        small.post(20).postSges(64, 2048);
        small.cqProd = 4;
        small.update();
        for (int flow = 0; flow < 2; flow++) {
            byte[] tcp = Frames.ipv4(Frames.B, Frames.FAR, 6, 1000);
            tcp[47] = 0x10;
            tcp[35] = (byte) flow;
            lab.offer(fixChecksum(tcp));
        }
        for (int i = 0; i < 3; i++) {
            lab.offer(Frames.plain(Frames.B, Frames.FAR, 60));
        }
        lab.pass(3_000);
        for (int type : new int[] {2, 2, 3, 3}) {
            assertEquals(type, small.nextCqe()[0] & 3, "two starts, and a stop for each");
        }
        assertNull(small.nextCqe(), "nothing behind the producer");
        small.cqes(10);
        lab.run();
        for (int i = 0; i < 3; i++) {
            assertEquals(0, small.nextCqe()[0] & 3);
        }
        lab.noViolations();
    }

    @Test
    void updateSwitchesTpaOff() {
        byte[] data = new byte[32];
        data[0] = data[1] = 2;
        data[2] = (byte) q.client;
        fw.ramrod(8, 1024, data);
        lab.ramrodDone(0, 8);
        send(TsoReference.segments(big(false, 2800), 1400));
        assertEquals(0, q.nextCqe()[0] & 3);
        assertEquals(0, q.nextCqe()[0] & 3);
    }
}
