package dev.npa.plugin.broadcom.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.broadcom.testing.Fake57712;
import dev.npa.plugin.broadcom.testing.Rig;
import dev.npa.plugin.broadcom.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Completions that make no sense are counted, their buffers used again, and the ring goes on. Rule 12.02. */
class MalformedTest {

    private final Rig rig = new Rig().running(256, 9000, Rig.all());

    private static byte[] cqe(int type, int bin, int placement, int length, int onBd, int... sges) {
        byte[] cqe = new byte[64];
        cqe[0] = (byte) type;
        cqe[2] = (byte) bin;
        cqe[3] = (byte) placement;
        Fake57712.put16(cqe, 10, length);
        Fake57712.put16(cqe, 12, onBd);
        for (int i = 0; i < sges.length; i++) {
            Fake57712.put16(cqe, 16 + 2 * i, sges[i]);
        }
        return cqe;
    }

    /** One error, no packet. */
    private void dropped(byte[] cqe) {
        long before = rig.countRx(QueueCounter.ERRORS);
        rig.device.complete(0, cqe);
        assertEquals(0, rig.receive(8).size());
        assertEquals(before + 1, rig.countRx(QueueCounter.ERRORS));
    }

    @Test
    void impossibleFastCompletions() {
        int held = rig.machine.taken.size();
        dropped(cqe(0, 0, 2, 0, 0));
        dropped(cqe(0, 0, 2, 2047, 2047));
        dropped(cqe(0, 0, 255, 2000, 2000));
        dropped(cqe(8, 0, 2, 60, 60));
        dropped(cqe(0, 0, 2, 60, 100));
        dropped(cqe(0, 0, 2, 65535, 2046));
        dropped(cqe(0, 0, 2, 100, 0, 0));
        assertEquals(held, rig.machine.taken.size(), "no buffer is lost or taken twice");
    }

    @Test
    void foreignSges() {
        dropped(cqe(0, 0, 2, 3000, 2046, 510));
        dropped(cqe(0, 0, 2, 3000, 2046, 511));
        dropped(cqe(0, 0, 2, 3000, 2046, 65535));
        dropped(cqe(0, 0, 2, 5000, 2046, 0, 0));
        dropped(cqe(0, 0, 2, 5000, 2046, 1, 2000));
        dropped(cqe(0, 0, 2, 5000, 2046, 5, 0));
    }

    @Test
    void aUnitOfSgesWithABufferStillOutIsNotPostedAnew() {
        int held = rig.machine.taken.size();
        for (int slot = 1; slot < 510; slot++) { // slot 0 is still out when the ring has come round
            twoBuffers(slot);
        }
        twoBuffers(0);
        assertEquals(0, rig.countRx(QueueCounter.ERRORS));
        assertEquals(held, rig.machine.taken.size());
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size(), "no buffer was put over the one that was out");
    }

    private void twoBuffers(int sge) {
        rig.device.complete(0, cqe(0, 0, 2, 3000, 2046, sge));
        PacketBurst in = rig.receive(8);
        assertEquals(2, in.size(), "SGE " + sge);
        rig.recycle(in);
    }

    @Test
    void aRamrodIsNotForAVf() {
        dropped(cqe(1, 0, 0, 0, 0));
    }

    @Test
    void aggregationsThatWereNotStartedOrHaveNoSuchNumber() {
        dropped(cqe(3, 5, 0, 100, 0));
        dropped(cqe(2, 64, 2, 100, 100));
        dropped(cqe(3, 200, 0, 100, 0));
    }

    @Test
    void anAggregationThatIsStartedAgainLosesTheFirst() {
        byte[] frame = TestMachine.bytes(1514, 1);
        rig.device.start(0, 3, frame, 1 << 3 | 1 << 7);
        rig.device.start(0, 3, frame, 1 << 3 | 1 << 7);
        rig.device.stop(0, 3, frame, 1514, 1);
        PacketBurst in = rig.receive(8);
        assertEquals(1, in.size());
        assertArrayEquals(frame, rig.bytes(in, 0));
        assertEquals(1, rig.countRx(QueueCounter.ERRORS));
    }

    @Test
    void aStopThatIsShorterThanItsStart() {
        rig.device.start(0, 3, TestMachine.bytes(1514, 1), 0);
        rig.receive(8);
        dropped(cqe(3, 3, 0, 1513, 0));
        dropped(cqe(3, 3, 0, 1514, 0)); // it is closed now
    }

    @Test
    void completionsBeyondTheBuffersThatThereAre() {
        rig.machine.leaveBuffers(0);
        int posted = rig.device.buffersPosted(0);
        for (int i = 0; i < posted; i++) {
            rig.device.complete(0, cqe(0, 0, 2, 60, 60));
        }
        rig.receive(256);
        dropped(cqe(0, 0, 2, 60, 60));
        dropped(cqe(2, 0, 2, 60, 60));
    }

    @Test
    void aPositionBeyondTheRingIsIgnored() {
        rig.device.receive(0, TestMachine.bytes(60, 1));
        rig.device.rxIndex(0, 0xFFFE);
        assertEquals(0, rig.receive(8).size(), "behind what was taken");
        rig.device.rxIndex(0, 0x4000);
        assertEquals(0, rig.receive(8).size(), "more than there are");
        assertEquals(0, rig.countRx(QueueCounter.ERRORS));
        rig.device.rxIndex(0, 1);
        assertEquals(1, rig.receive(8).size());
    }

    @Test
    void garbageNeitherThrowsNorLosesBuffersNorStopsTheRing() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Rig fuzzed = new Rig().running(256, 9000, Rig.all());
            for (int i = 0; i < 5000; i++) {
                byte[] cqe = new byte[64];
                random.nextBytes(cqe);
                cqe[3] = random.nextBoolean() ? 2 : cqe[3];
                Fake57712.put16(cqe, 12, random.nextInt(2100));
                fuzzed.device.complete(0, cqe);
                PacketBurst in = fuzzed.receive(64);
                for (int e = 0; e < in.size(); e++) {
                    long from = in.address(e) - TestMachine.bufferAddress(in.handle(e));
                    assertTrue(from >= 0 && from + in.length(e) <= 2048, "outside its buffer, seed " + seed);
                }
                fuzzed.recycle(in);
            }
            fuzzed.plugin.stop();
            assertEquals(0, fuzzed.machine.taken.size(), "seed " + seed);
            fuzzed.plugin.start();
            assertTrue(fuzzed.device.receive(0, TestMachine.bytes(9000, 1)));
            assertArrayEquals(TestMachine.bytes(9000, 1), fuzzed.bytes(fuzzed.receive(8), 0));
        }
    }
}
