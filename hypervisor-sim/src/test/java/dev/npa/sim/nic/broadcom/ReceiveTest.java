package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BDs, CQEs and SGEs of received frames, 57712 §5. */
class ReceiveTest {

    private final Lab lab = new Lab(1, 2, 2);
    private final Firmware fw = lab.pf[0];

    @Test
    void fastPathCqe() {
        Queue q = lab.vf(0, Frames.A);
        byte[] frame = Frames.ipv4(Frames.A, Frames.FAR, 6, 1000);
        lab.arrive(frame);
        byte[] cqe = q.nextCqe();
        assertEquals(0, cqe[0], "fast path, no error");
        assertEquals(Cqe.MAC_MATCH, cqe[1] & 0xFF);
        assertEquals(2, cqe[3], "placement offset");
        assertEquals(frame.length, Queue.word(cqe, 10));
        assertEquals(frame.length, Queue.word(cqe, 12));
        assertEquals(0x0489, Queue.word(cqe, 14) | 0x0400, "unicast, IPv4, TCP");
        assertArrayEquals(new byte[48], Arrays.copyOfRange(cqe, 16, 64));
        assertArrayEquals(frame, q.frame(cqe));
        assertEquals(1, q.running(), "one update of the status block");
    }

    @ParameterizedTest
    @CsvSource({"24, 0x10, 0x00", "40, 0x20, 0x00", "-1, 0x00, 0x00"})
    void checksumErrors(int damaged, String error, String unchecked) {
        Queue q = lab.vf(0, Frames.A);
        byte[] frame = Frames.ipv4(Frames.A, Frames.FAR, 17, 64);
        if (damaged >= 0) {
            frame[damaged] ^= 0x40;
        }
        lab.arrive(frame);
        byte[] cqe = q.nextCqe();
        assertEquals(Integer.decode(error), cqe[0] & 0x38);
        assertEquals(Integer.decode(unchecked), cqe[1] & 0xC0);
    }

    @Test
    void whatCannotBeValidatedIsSaid() {
        Queue q = lab.vf(0, Frames.A);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 64));
        assertEquals(0xC0, q.nextCqe()[1] & 0xC0, "no IP");
        lab.arrive(Frames.ipv6(Frames.A, Frames.FAR, 6, 64));
        assertEquals(0x40, q.nextCqe()[1] & 0xC0, "IPv6 has no header checksum");
        byte[] noSum = Frames.ipv4(Frames.A, Frames.FAR, 17, 64);
        noSum[40] = noSum[41] = 0;
        lab.arrive(noSum);
        assertEquals(0x80, q.nextCqe()[1] & 0xC0, "UDP without checksum");
    }

    @Test
    void parsingFlags() {
        Queue q = lab.vf(0, Frames.A);
        byte[] ack = Frames.ipv4(Frames.A, Frames.FAR, 6, 0);
        ack[47] = 0x10;
        lab.arrive(ack);
        assertEquals(1 | 1 << 3 | 1 << 7 | 1 << 9, Queue.word(q.nextCqe(), 14), "pure ACK");
        lab.arrive(Frames.ipv6(Frames.A, Frames.FAR, 17, 60));
        assertEquals(1 | 2 << 3 | 2 << 7, Queue.word(q.nextCqe(), 14), "UDP over IPv6");
        lab.arrive(Frames.plain(Frames.ALL, Frames.FAR, 60));
        byte[] cqe = q.nextCqe();
        assertEquals(0, Queue.word(cqe, 14));
        assertEquals(Cqe.BROADCAST, cqe[1] & 0x30);
        byte[] fragment = Frames.ipv4(Frames.A, Frames.FAR, 17, 60);
        fragment[20] = 0x20;
        lab.arrive(fragment);
        assertEquals(1 | 1 << 3 | 1 << 6, Queue.word(q.nextCqe(), 14), "fragment");
        byte[] llc = Frames.plain(Frames.A, Frames.FAR, 60);
        llc[12] = 0;
        llc[13] = 46;
        lab.arrive(llc);
        assertEquals(1 | 3 << 3 | 1 << 13, Queue.word(q.nextCqe(), 14), "LLC");
    }

    @Test
    void tagsAreStrippedAndReported() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).rx(11, 1), Frames.A);
        fw.vlan(q, 8, 100);
        byte[] frame = Frames.tagged(Frames.A, Frames.FAR, 0x6064, 90);
        lab.arrive(frame);
        byte[] cqe = q.nextCqe();
        assertEquals(0x6064, Queue.word(cqe, 8));
        assertEquals(2, Queue.word(cqe, 14) & 2);
        assertEquals(86, Queue.word(cqe, 10));
        byte[] got = q.frame(cqe);
        assertArrayEquals(Arrays.copyOf(frame, 12), Arrays.copyOf(got, 12));
        assertArrayEquals(Arrays.copyOfRange(frame, 16, 90), Arrays.copyOfRange(got, 12, 86));
    }

    @Test
    void withoutStripTheTagStaysAndNoFlagIsSet() {
        Queue q = lab.vf(0, Frames.A);
        fw.vlan(q, 8, 100);
        byte[] frame = Frames.tagged(Frames.A, Frames.FAR, 100, 90);
        lab.arrive(frame);
        byte[] cqe = q.nextCqe();
        assertEquals(0, Queue.word(cqe, 8));
        assertEquals(0, Queue.word(cqe, 14) & 2);
        assertArrayEquals(frame, q.frame(cqe));
    }

    @Test
    void silentRemovalHidesTheHostsVlan() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).rx(11, 1).rx(17, 1).rx16(68, 7).rx16(70, 0xFFF), Frames.A);
        fw.vlan(q, 8, 7);
        lab.arrive(Frames.tagged(Frames.A, Frames.FAR, 0x2007, 90));
        byte[] cqe = q.nextCqe();
        assertEquals(0, Queue.word(cqe, 8));
        assertEquals(0, Queue.word(cqe, 14) & 2);
        assertEquals(86, Queue.word(cqe, 10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ringsGoRoundInBothProducerStyles(boolean masked) {
        QueueSpec s = fw.vfSpec(0, 0).pages(1, 1, 2, 0);
        Queue q = lab.vf(0, s, Frames.A);
        q.masked = masked;
        byte[] frame = Frames.plain(Frames.A, Frames.FAR, 80);
        for (int i = 0; i < 3000; i++) {
            frame[30] = (byte) i;
            lab.arrive(frame);
            byte[] cqe = q.nextCqe();
            assertNotNull(cqe, "frame " + i);
            long buffer = q.takeBuffer();
            assertArrayEquals(frame, q.guest.get(buffer + 2, 80), "frame " + i);
            q.repost(buffer);
            int hardware = q.index(1);
            assertEquals(q.cqCons & 0xFFFF, hardware, "the index may rest on a link");
        }
        lab.noViolations();
    }

    @Test
    void framesWithoutBufferWaitAndKeepTheirOrder() {
        Queue q = lab.vf(0, Frames.A);
        for (int i = 0; i < 60; i++) {
            byte[] frame = Frames.plain(Frames.A, Frames.FAR, 100);
            frame[20] = (byte) i;
            lab.arrive(frame);
        }
        assertEquals(40, q.index(1));
        assertEquals(Long.MAX_VALUE, lab.nic.nextEvent(), "no busy loop");
        for (int i = 0; i < 60; i++) {
            byte[] cqe = q.nextCqe();
            long buffer = q.takeBuffer();
            assertEquals((byte) i, q.guest.get(buffer + cqe[3] + 20, 1)[0]);
            q.repost(buffer);
            lab.run();
        }
        assertNull(q.nextCqe());
        lab.noViolations();
    }

    @Test
    void cqesCanRunOutBeforeBuffers() {
        Queue q = fw.openVf(fw.vfSpec(0, 0));
        lab.ramrodDone(0, 1);
        fw.mac(q, 8, Frames.A);
        fw.vlan(q, 8, 0);
        fw.accept(q, 8, Lab.NORMAL, Lab.NORMAL);
        q.post(20);
        q.cqProd = 5;
        q.update();
        for (int i = 0; i < 8; i++) {
            lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        }
        assertEquals(5, q.index(1));
        q.cqes(3);
        lab.run();
        assertEquals(8, q.index(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2046, 2047, 4094, 4095, 9018})
    void jumboFramesGoOnInSges(int length) {
        QueueSpec s = fw.vfSpec(0, 0).mtu(9004).rx(5, 8).rx16(20, 2048);
        s.sgePages = 1;
        Queue q = lab.vf(0, s, Frames.A).postSges(64, 2048);
        byte[] frame = Frames.plain(Frames.A, Frames.FAR, length);
        for (int n = 0; n < 3; n++) {
            lab.arrive(frame);
            byte[] cqe = q.nextCqe();
            assertEquals(length, Queue.word(cqe, 10));
            assertEquals(Math.min(length, 2046), Queue.word(cqe, 12), "at most buf_sz - placement");
            assertArrayEquals(frame, q.frame(cqe));
        }
        lab.noViolations();
    }

    @Test
    void sgesAreFlatSlotsAndTheirAbsenceMakesFramesWait() {
        QueueSpec s = fw.vfSpec(0, 0).mtu(9004).rx(5, 8).rx16(20, 2048);
        s.sgePages = 1;
        Queue q = lab.vf(0, s, Frames.A).postSges(2, 2048);
        byte[] frame = Frames.plain(Frames.A, Frames.FAR, 6000);
        lab.arrive(frame);
        byte[] cqe = q.nextCqe();
        assertEquals(0, Queue.word(cqe, 16));
        assertEquals(1, Queue.word(cqe, 18));
        lab.arrive(frame);
        assertNull(q.nextCqe());
        q.postSges(2, 2048);
        lab.run();
        assertEquals(2, Queue.word(q.nextCqe(), 16));
    }

    @Test
    void tooLongFramesAreDroppedAndCounted() {
        Queue q = lab.vf(0, Frames.A);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 1515));
        assertNull(q.nextCqe());
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 1514));
        assertNotNull(q.nextCqe());
    }

    @Test
    void buffersAreRoundedUpToTheCacheLine() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).rx(3, 6), Frames.A);
        long crooked = q.guest.memory.getLong(q.rxBd(0)) + 10;
        q.guest.memory.putLong(q.rxBd(0), crooked);
        byte[] frame = Frames.plain(Frames.A, Frames.FAR, 100);
        lab.arrive(frame);
        byte[] cqe = q.nextCqe();
        assertEquals(54 + 2, cqe[3]);
        assertArrayEquals(frame, q.guest.get(crooked + 56, 100));
    }

    @ParameterizedTest
    @CsvSource({"7, 24", "8, 50", "9, 22"})
    void dropFlagsDropWhatTheyName(int flag, int damaged) {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).rx(flag, 1), Frames.A);
        byte[] frame = Frames.ipv4(Frames.A, Frames.FAR, 6, 64);
        frame[damaged] = damaged == 22 ? 0 : (byte) (frame[damaged] + 1);
        lab.arrive(frame);
        assertNull(q.nextCqe());
        lab.arrive(Frames.ipv4(Frames.A, Frames.FAR, 6, 64));
        assertNotNull(q.nextCqe());
    }

    @Test
    void holdKeepsEveryFrameOutOfEveryRing() {
        Queue a = lab.vf(0, Frames.A);
        Queue b = lab.vf(1, Frames.B);
        fw.grc.write32(0x601F0, 1);
        assertEquals(1 << 31 | 1, fw.grc.read32(0x601F0), "idle");
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        a.send(Frames.plain(Frames.B, Frames.A, 60));
        lab.run();
        assertNull(a.nextCqe());
        assertNull(b.nextCqe());
        fw.grc.write32(0x601F0, 0);
        lab.run();
        assertNotNull(a.nextCqe());
        assertNotNull(b.nextCqe());
    }

    @Test
    void describeRingDecodesCqes() {
        lab.vf(0, Frames.A);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 77));
        String text = lab.nic.adapters().get(0).describeRing(0, 0, false);
        assertTrue(text.contains("0 frame length 77 on BD 77 at +2"), text);
    }
}
