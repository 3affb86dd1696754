package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Ramrods, queue states, event ring, statistics, 57712 §7 and §8. */
class SlowPathTest {

    private final Lab lab = new Lab(1, 2, 2);
    private final Firmware fw = lab.pf[0];

    private byte[] completion() {
        byte[] cqe = lab.leading[0].nextCqe();
        assertNotNull(cqe);
        lab.leading[0].cqes(1);
        return cqe;
    }

    private void close(Queue q, int cid) {
        fw.spq(2, 0, cid, q.client);
        lab.ramrodDone(0, 2);
        fw.spq(7, 0, cid, q.client);
        lab.ramrodDone(0, 7);
        fw.spq(4, 8, cid, 0);
        assertEquals(new Firmware.Event(3, 0, cid, 0, 0), fw.event());
    }

    @Test
    void ramrodCompletionNamesConnectionAndCommand() {
        fw.openVf(fw.vfSpec(1, 1));
        ByteBuffer cqe = ByteBuffer.wrap(completion()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(1, cqe.get(0));
        assertEquals(0, cqe.get(1), "Ethernet");
        assertEquals(1024 + 16 + 1 | 1 << 24, cqe.getInt(4));
        assertEquals(0, cqe.getInt(60));
    }

    @Test
    void aQueueCanBeOpenedUsedAndClosedManyTimes() {
        for (int i = 0; i < 5; i++) {
            Queue q = lab.vf(0, Frames.A);
            q.send(Frames.plain(Frames.FAR, Frames.A, 60));
            lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
            assertNotNull(q.nextCqe());
            assertNotNull(lab.sent());
            assertEquals(1, q.index(5), "indices begin anew");
            assertEquals(1, q.index(1));
            close(q, 1024);
            lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
            q.guest.function.bar(0).write32(0x7C00, 0x0002 | q.txProd << 16);
            lab.run();
            assertNull(q.nextCqe(), "no DMA after this");
        }
        lab.noViolations();
    }

    @Test
    void stepsOutOfOrderFailWithTheErrorBit() {
        Queue q = lab.vf(0, Frames.A);
        fw.spq(7, 0, 1024, q.client);
        byte[] cqe = completion();
        assertEquals(1 | 1 << 2, cqe[0]);
        lab.oneViolation("TERMINATE in state ACTIVE");
        fw.spq(4, 8, 1024, 0);
        assertEquals(1, fw.event().error(), "CFC_DEL");
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNotNull(q.nextCqe(), "the queue was not touched");
    }

    @Test
    void aClientCannotBeSetUpTwiceNorForAnother() {
        QueueSpec s = fw.vfSpec(0, 0);
        fw.openVf(s);
        lab.ramrodDone(0, 1);
        fw.ramrod(1, 1024, s.data.array());
        assertEquals(5, completion()[0]);
        lab.oneViolation("in use");
        fw.ramrod(1, 1024 + 16, s.data.array());
        assertEquals(5, completion()[0]);
        QueueSpec small = fw.vfSpec(0, 1).rx16(18, 63);
        fw.ramrod(1, 1025, small.data.array());
        assertEquals(5, completion()[0], "buffers below 64 bytes");
    }

    @Test
    void completionsWaitForCqesOfTheLeadingQueue() {
        Lab cold = Lab.cold(1);
        Firmware f = cold.pf[0].start();
        QueueSpec s = f.pfSpec(0);
        Queue q = f.openPf(s);
        assertNull(q.nextCqe(), "no CQE is there yet");
        q.cqes(2);
        assertEquals(1, q.nextCqe()[0]);
        assertEquals(1, q.index(1));
        cold.noViolations();
    }

    @Test
    void slowPathQueueAndEventRingGoRound() {
        Queue q = lab.vf(0, Frames.A);
        for (int i = 0; i < 600; i++) {
            fw.vlan(q, 8, 1 + i % 200);
        }
        lab.noViolations();
    }

    @Test
    void eventsWaitForElements() {
        int before = fw.host.memory.getShort(fw.spSb + 30);
        fw.storm(1, 0x5908, before | 7 << 24);
        fw.spq(3, 8, 0, 0);
        assertEquals(before, fw.host.memory.getShort(fw.spSb + 30), "the driver has given no element back");
        fw.storm(1, 0x5908, before + 10 | 7 << 24);
        assertEquals(before + 1, fw.host.memory.getShort(fw.spSb + 30));
        assertEquals(12, fw.event().opcode());
    }

    @Test
    void updateChangesWhatItsFlagsName() {
        Queue q = lab.vf(0, Frames.A);
        fw.vlan(q, 8, 7);
        ByteBuffer u = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        u.put(0, (byte) q.client).put(2, (byte) 1).put(3, (byte) 1);
        u.putShort(10, (short) 7).put(12, (byte) 1).put(13, (byte) 1);
        u.putShort(14, (short) 7).putShort(16, (short) 0xFFF).put(18, (byte) 1).put(19, (byte) 1);
        fw.ramrod(5, 1024, u.array());
        lab.ramrodDone(0, 5);
        q.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        byte[] sent = lab.sent();
        assertEquals(7, sent[15]);
        lab.arrive(Frames.tagged(Frames.A, Frames.FAR, 7, 80));
        byte[] cqe = q.nextCqe();
        assertEquals(76, Queue.word(cqe, 10));
        assertEquals(0, Queue.word(cqe, 14) & 2, "the guest is unaware");
        u.put(8, (byte) 0).put(9, (byte) 1);
        fw.ramrod(5, 1024, u.array());
        lab.ramrodDone(0, 5);
        lab.arrive(Frames.tagged(Frames.A, Frames.FAR, 7, 80));
        assertNull(q.nextCqe(), "inactive");
    }

    private ByteBuffer statistics(int function, int statsId, Guest memory) {
        long target = memory.allocate(152);
        long counters = fw.host.allocate(32);
        ByteBuffer b = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, (byte) 1).putShort(2, (short) 77).putLong(8, counters);
        b.put(17, (byte) statsId).putShort(18, (short) function).putLong(24, target);
        long at = fw.host.allocate(32);
        fw.host.put(at, b.array());
        fw.spq(6, 8, 0, at);
        assertEquals(5, fw.event().opcode());
        assertEquals(77, fw.host.memory.getInt(counters + 24));
        return ByteBuffer.wrap(memory.get(target, 152)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void statisticsBlock() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).tx(5, 1).rx(8, 1), Frames.A);
        fw.bin(8, EmbeddedSwitch.bin(0x0100_5E00_1234L), true);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 100));
        lab.arrive(Frames.plain(Frames.ALL, Frames.FAR, 70));
        lab.arrive(Frames.plain(Frames.GROUP, Frames.FAR, 80));
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 1600));
        byte[] bad = Frames.ipv4(Frames.A, Frames.FAR, 6, 64);
        bad[50] ^= 1;
        lab.arrive(bad);
        q.send(Frames.plain(Frames.FAR, Frames.A, 200));
        q.send(Frames.plain(Frames.ALL, Frames.A, 90));
        q.send(Frames.plain(Frames.GROUP, Frames.A, 95));
        q.send(Frames.plain(Frames.FAR, Frames.B, 60));
        lab.run();
        for (Guest where : new Guest[] {q.guest, fw.host}) {
            ByteBuffer b = statistics(where == fw.host ? 0 : 8, q.client, where);
            assertEquals(100, b.getLong(0));
            assertEquals(1, b.getInt(8));
            assertEquals(1, b.getInt(12), "checksum discard");
            assertEquals(70, b.getLong(16));
            assertEquals(1, b.getInt(24));
            assertEquals(1, b.getInt(28), "too big");
            assertEquals(80, b.getLong(32));
            assertEquals(1, b.getInt(40));
            assertEquals(200, b.getLong(112));
            assertEquals(95, b.getLong(120), "multicast comes before broadcast in the X part");
            assertEquals(90, b.getLong(128));
            assertEquals(1, b.getInt(136));
            assertEquals(1, b.getInt(140));
            assertEquals(1, b.getInt(144));
            assertEquals(1, b.getInt(148), "error drops");
        }
    }

    @Test
    void statisticsOfAMaliciousVfAreErratum5() {
        Queue q = lab.vf(0, Frames.A);
        Packet p = new Packet(Frames.plain(Frames.FAR, Frames.A, 60));
        p.general = 0;
        q.send(p);
        lab.run();
        assertEquals(9, fw.event().opcode());
        statistics(8, q.client, q.guest);
        assertTrue(lab.violations.list().get(1).what().contains("erratum 5"));
    }
}
