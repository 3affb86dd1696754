package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.VirtualSwitch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two devices on a real switch: back-pressure from the receiver's ring to the sender's, and nothing lost. */
class SwitchedDevicesTest {

    private static final long SEED = 20260801;

    private final VirtualSwitch sw = new VirtualSwitch("switch", Lab.CLOCK);
    private final Lab sender = join("02:00:00:00:00:0b");
    private final Lab receiver = join("02:00:00:00:00:0a");

    private Lab join(String mac) {
        MacAddress address = MacAddress.parse(mac);
        Lab lab = new Lab(sw.addPort(mac, address), address);
        sw.addDevice(lab.device);
        return lab.describe().activate();
    }

    @Test
    void everyFrameArrivesInOrderHoweverSlowTheReceiverIs() {
        Random random = new Random(SEED);
        Deque<byte[]> expected = new ArrayDeque<>();
        int posted = 0;
        int taken = 0;
        int sent = 0;
        int completed = 0;
        for (int round = 0; taken < 3000; round++) {
            assertTrue(round < 100_000, "stuck at frame " + taken + ", seed " + SEED);
            while (sent < 3000 && sent - completed < 31 && random.nextInt(8) != 0) {
                byte[] frame = Frames.plain(60 + random.nextInt(1400));
                Frames.word(frame, 14, sent);
                sender.send(0x300000 + 0x1000L * (sent % 32), frame);
                expected.add(frame);
                sent++;
            }
            while (posted - taken < 31 && random.nextInt(3) != 0) {
                receiver.rxBuffer(0, posted % 32, 1 ^ posted / 32 & 1, 0x400000 + 0x1000L * (posted % 32), 2048,
                        false);
                posted++;
            }
            sw.run(1 + random.nextInt(16));
            while (sender.txCompletion() >= 0) {
                completed++;
            }
            int[] d;
            while ((d = receiver.rxCompletion()) != null) {
                byte[] frame = expected.remove();
                assertEquals(frame.length, d[2], "frame " + taken + ", seed " + SEED);
                assertArrayEquals(frame, receiver.bytes(0x400000 + 0x1000L * (taken % 32), frame.length),
                        "frame " + taken + ", seed " + SEED);
                taken++;
            }
        }
        sw.run(64);
        assertNull(receiver.rxCompletion(), "nothing twice");
        assertEquals(3000, receiver.statistic(false, 2));
        assertEquals(3000, sender.statistic(true, 2));
        assertEquals(0, sender.violations.count() + receiver.violations.count());
    }

    @Test
    void receiverWithoutBuffersStopsTheSenderAndLosesNothing() {
        int sent = 0;
        while (sent < 10_000 && sender.device.describeRing(0, true).contains("0 packets not completed")) {
            sender.send(0x300000, Frames.plain(1514));
            sw.run(8);
            if (sender.txCompletion() >= 0) {
                sent++;
            }
        }
        assertEquals((1 << 20) / (16 + 1520), sent, "the port's queue is full");
        sw.run(8);
        assertEquals(-1, sender.txCompletion());
        for (int i = 0; i < 31; i++) {
            receiver.rxBuffer(0, i, 1, 0x400000 + 0x1000L * i, 2048, false);
        }
        sw.run(64);
        sw.run(64);
        assertEquals(31, receiver.statistic(false, 2));
        assertEquals(sent % 32, sender.txCompletion(), "the frame that waited is gone");
    }
}
