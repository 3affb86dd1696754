package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.RxRing;
import dev.npa.sim.nic.intel.TxRing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A driver's thread, a PF driver's thread and the device's thread at once. */
class ThreadsTest {

    private static final int FRAMES = 20_000;

    @Test
    @Timeout(60)
    void framesBetweenVfsSurviveConcurrentRegisterAccess() throws Exception {
        Lab lab = new Lab(2);
        lab.address(1, Frames.A, 1);
        lab.address(2, Frames.B, 2);
        TxRing tx = lab.vf[0].tx();
        RxRing rx = lab.vf[1].rx();
        lab.vf[1].enableMsix(3);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> device = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                if (lab.nic.run(64) == 0) {
                    Thread.yield();
                }
            }
        });
        CompletableFuture<Void> control = CompletableFuture.runAsync(() -> {
            for (int i = 0; !stop.get(); i++) {
                lab.pf.csr.write32(0x5404 + 8 * (3 + i % 8), i);
                lab.pf.csr.read32(0xC0);
                lab.vf[1].csr.read32(0x1580);
                lab.nic.nextEvent();
                Thread.yield();
            }
        });
        int last;
        try {
            last = exchange(lab, tx, rx);
        } finally {
            stop.set(true);
        }
        device.get(10, TimeUnit.SECONDS);
        control.get(10, TimeUnit.SECONDS);
        assertTrue(tx.done(last));
        assertEquals(FRAMES, lab.vf[1].csr.read32(0xF10));
        lab.noViolations();
    }

    /** Keeps at most 25 frames on their way; returns the index of the last descriptor. */
    private static int exchange(Lab lab, TxRing tx, RxRing rx) {
        int received = 0;
        int last = -1;
        for (int sent = 0; received < FRAMES;) {
            if (sent < FRAMES && sent - received < 25) {
                byte[] frame = Frames.plain(Frames.B, Frames.A, 60);
                frame[20] = (byte) sent;
                last = tx.send(frame);
                sent++;
            }
            dev.npa.hw.DmaMemory.acquireFence();
            byte[] got = rx.next();
            if (got != null) {
                assertEquals((byte) received, got[20], "in order");
                received++;
                rx.post(1);
            } else {
                Thread.yield();
            }
        }
        return last;
    }
}
