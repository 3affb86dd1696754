package dev.npa.plugin.broadcom.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.broadcom.testing.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of packets, in runs that the device reports by a count of packets. */
class TxRunsOfRingTest {

    private final Rig rig = new Rig().running();

    private void packets(int count) {
        for (int i = 0; i < count; i++) {
            rig.machine.packet(rig.burst, i, Rig.frame(60 + i, i));
        }
    }

    private void broken() {
        rig.machine.packet(rig.burst, 63, Rig.frame(13, 1));
    }

    @Test
    void aRunIsReportedOnceAllOfItIsSent() {
        packets(6);
        rig.transmit();
        assertEquals(0, rig.tx.reclaim(10), "nothing is sent yet");
        rig.device.transmit(5);
        assertEquals(0, rig.tx.reclaim(10), "one is missing");
        rig.device.transmit(1);
        assertEquals(6, rig.tx.reclaim(10));
        assertEquals(0, rig.tx.reclaim(10));
    }

    @Test
    void eachCallIsARunOfItsOwn() {
        packets(2);
        rig.transmit();
        packets(3);
        rig.transmit();
        rig.device.transmit(4);
        assertEquals(2, rig.tx.reclaim(10));
        assertEquals(3, rig.tx.outstanding());
    }

    @Test
    void aLongCallIsCutSoThatItsStartIsReportedBeforeItsEnd() {
        packets(60);
        assertEquals(60, rig.transmit());
        rig.device.transmit(32);
        assertEquals(32, rig.tx.reclaim(64));
        assertEquals(28, rig.tx.outstanding());
    }

    @Test
    void aBudgetCutsARunAndItsRestFollows() {
        packets(10);
        rig.transmit();
        rig.device.transmit(10);
        assertEquals(3, rig.tx.reclaim(3));
        assertEquals(7, rig.tx.outstanding());
        assertEquals(7, rig.tx.reclaim(100));
        assertEquals(10, rig.count(QueueCounter.PACKETS));
    }

    @Test
    void refusalsBetweenPacketsKeepTheirPlaces() {
        broken();
        packets(2);
        broken();
        broken();
        packets(3);
        broken();
        assertEquals(9, rig.transmit());
        assertEquals(-1, rig.tx.reclaim(1), "the first waits for nobody");
        assertEquals(0, rig.tx.reclaim(10), "the next ones do");
        assertEquals(8, rig.finish());
        assertEquals(List.of(2, -2, 3, -1), rig.fates);
        assertEquals(4, rig.count(QueueCounter.REFUSED));
        assertEquals(5, rig.count(QueueCounter.PACKETS));
    }

    @Test
    void aStopAbortsARunOfWhichNotAllWasSent() {
        packets(4);
        rig.transmit();
        packets(4);
        broken();
        rig.transmit();
        rig.device.transmit(6);
        rig.plugin.stop();
        assertEquals(9, rig.reclaim(20));
        assertEquals(List.of(4, -5), rig.fates);
        assertEquals(4, rig.count(QueueCounter.PACKETS));
        rig.plugin.start();
        packets(2);
        rig.transmit();
        assertEquals(2, rig.finish(), "counts begin anew");
        assertEquals(List.of(2), rig.fates);
    }

    @Test
    void manyRefusalsFillTheRunsAndNothingIsTakenTwice() {
        int taken = 0;
        for (int i = 0; i < 400; i++) {
            broken();
            taken += rig.transmit();
        }
        assertTrue(taken < 400, "no room without end");
        assertEquals(taken, rig.tx.outstanding());
        assertEquals(taken, rig.finish());
        broken();
        assertEquals(1, rig.transmit());
    }

    @Test
    void anyMixtureIsReportedInItsOrderAtEveryOffset() {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            Rig mixed = new Rig().running();
            List<Boolean> expected = new ArrayList<>();
            List<Boolean> seen = new ArrayList<>();
            for (int step = 0; step < 5_000; step++) {
                for (int i = random.nextInt(40); i > 0; i--) {
                    boolean sound = random.nextInt(8) > 0;
                    mixed.machine.packet(mixed.burst, i, Rig.frame(sound ? 14 + random.nextInt(200) : 13, i));
                    expected.add(sound);
                }
                int offered = mixed.burst.size();
                int taken = mixed.transmit();
                expected.subList(expected.size() - (offered - taken), expected.size()).clear();
                mixed.device.transmit(random.nextInt(50));
                int n = mixed.tx.reclaim(1 + random.nextInt(40));
                for (int i = 0; i < Math.abs(n); i++) {
                    seen.add(n > 0);
                }
                assertEquals(expected.size() - seen.size(), mixed.tx.outstanding(), "seed " + seed + " step " + step);
            }
            mixed.device.transmit(Integer.MAX_VALUE);
            for (int n = mixed.tx.reclaim(40); n != 0; n = mixed.tx.reclaim(40)) {
                for (int i = 0; i < Math.abs(n); i++) {
                    seen.add(n > 0);
                }
            }
            assertEquals(expected.size(), seen.size(), "seed " + seed);
            for (int i = 0; i < seen.size(); i++) {
                assertEquals(expected.get(i), seen.get(i), "seed " + seed + " packet " + i);
            }
        }
    }
}
