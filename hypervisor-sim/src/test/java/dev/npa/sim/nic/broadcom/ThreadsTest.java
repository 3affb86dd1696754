package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.DmaMemory;
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
        Lab lab = new Lab(1, 2, 1);
        Queue tx = lab.vf(0, Frames.A);
        Queue rx = lab.vf(1, Frames.B);
        rx.guest.enableMsix(0, 1);
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
                lab.pf[0].vlan(rx, 9, 1 + i % 100);
                rx.ack(0x0120_0000 | i & 0xFFFF);
                lab.nic.nextEvent();
                Thread.yield();
            }
        });
        try {
            exchange(tx, rx);
        } finally {
            stop.set(true);
        }
        device.get(10, TimeUnit.SECONDS);
        control.get(10, TimeUnit.SECONDS);
        assertEquals(FRAMES & 0xFFFF, tx.index(5));
        lab.noViolations();
    }

    /** Keeps at most 25 frames on their way, with BDs that are written anew for each. */
    private static void exchange(Queue tx, Queue rx) {
        byte[] frame = Frames.plain(Frames.B, Frames.A, 60);
        long[] buffers = new long[32];
        long[][] bds = new long[32][];
        for (int i = 0; i < 32; i++) {
            bds[i] = new Packet(frame).build(tx.guest);
            buffers[i] = bds[i][0];
        }
        int received = 0;
        for (int sent = 0; received < FRAMES;) {
            if (sent < FRAMES && sent - received < 25) {
                tx.guest.memory.putByte(buffers[sent & 31] + 20, (byte) sent);
                tx.bds(bds[sent & 31]);
                tx.ring();
                sent++;
            }
            DmaMemory.acquireFence();
            byte[] cqe = rx.nextCqe();
            if (cqe == null) {
                Thread.yield();
                continue;
            }
            DmaMemory.acquireFence();
            long buffer = rx.takeBuffer();
            assertEquals((byte) received, rx.guest.memory.getByte(buffer + cqe[3] + 20), "in order");
            received++;
            rx.repost(buffer);
        }
    }
}
