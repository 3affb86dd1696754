package dev.npa.plugin.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The device walks the ring on a thread of its own, so that it samples it between any two stores of the driver. */
class TxPublicationTest {

    private static final int PACKETS = 60_000;
    private static final long SEED = 0x7D2L;

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theDeviceNeverSeesAPartOfAPacket() throws InterruptedException {
        Bench bench = Bench.running(64, 1500);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread device = new Thread(() -> {
            try {
                walk(bench.rings());
            } catch (RuntimeException | AssertionError e) {
                failure.set(e);
            }
        }, "device");
        device.setDaemon(true);
        device.start();
        drive(bench, failure);
        device.join();
        assertNull(failure.get(), () -> "seed " + SEED + ": " + failure.get());
    }

    private static void walk(FakeRings rings) {
        int expected = 0;
        while (expected < PACKETS && !Thread.currentThread().isInterrupted()) {
            FakeRings.Sent sent = rings.fetch();
            if (sent == null) {
                Thread.onSpinWait();
                continue;
            }
            int segments = sent.addresses().size();
            for (int i = 0; i < segments; i++) {
                // Address and length say which packet and which fragment; a stale or torn descriptor says another.
                assertEquals((long) expected << 8 | i, sent.addresses().get(i));
                assertEquals(60 + segments, sent.lengths().get(i));
            }
            if (sent.cq()) {
                rings.complete(sent);
            }
            expected++;
        }
    }

    private static void drive(Bench bench, AtomicReference<Throwable> failure) {
        SplittableRandom random = new SplittableRandom(SEED);
        PacketBurst burst = new PacketBurst(64);
        int made = 0;
        int completed = 0;
        int from = 0;
        while (completed < PACKETS && failure.get() == null) {
            if (from == burst.size() && made < PACKETS) {
                burst.clear();
                from = 0;
                for (int n = 1 + random.nextInt(3); n > 0 && made < PACKETS; n--) {
                    add(burst, made++, 1 + random.nextInt(16));
                }
            }
            from = bench.plugin.txQueue(0).transmit(burst, from, burst.size());
            completed += bench.plugin.txQueue(0).reclaim(64);
        }
    }

    private static void add(PacketBurst burst, int number, int segments) {
        for (int i = 0; i < segments; i++) {
            int flags = (i == 0 ? PacketFlags.SOP : 0) | (i == segments - 1 ? PacketFlags.EOP : 0);
            burst.add((long) number << 8 | i, i, 60 + segments, flags);
        }
    }
}
