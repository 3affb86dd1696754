package dev.npa.plugin.intel.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ring mechanics of transmit with both ways of completion. */
class TxRingTest {

    private static final String BOTH = "dev.npa.plugin.niantic.Images#factories";
    private static final int TDT = 0x2018;

    @ParameterizedTest
    @MethodSource(BOTH)
    void packetsOfAnyNumberOfSegmentsWrapAtEveryOffset(PluginFactory factory) {
        for (int offset = 0; offset < 64; offset++) {
            Rig rig = new Rig(factory).running();
            for (int i = 0; i < offset; i++) {
                rig.machine.packet(rig.burst, i, TestMachine.bytes(60, i));
                rig.transmit();
                rig.finish();
            }
            for (int segments = 1; segments <= 16; segments++) {
                rig.device.sent.clear();
                byte[] whole = new byte[0];
                for (int s = 0; s < segments; s++) {
                    byte[] part = TestMachine.bytes(20 + s, s);
                    int flags = (s == 0 ? PacketFlags.SOP : 0) | (s == segments - 1 ? PacketFlags.EOP : 0);
                    rig.machine.segment(rig.burst, 100 + s, part, flags);
                    whole = concat(whole, part);
                }
                assertEquals(segments, rig.transmit());
                assertEquals(1, rig.finish(), "offset " + offset + " segments " + segments);
                assertArrayEquals(whole, rig.device.sent.get(0).bytes());
                assertEquals(whole.length, rig.device.sent.get(0).firstQ1() >>> 46, "PAYLEN");
                assertEquals(List.of(1), rig.fates);
            }
        }
    }

    static byte[] concat(byte[] a, byte[] b) {
        byte[] c = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, c, a.length, b.length);
        return c;
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void aBurstRingsTheDoorbellOnce(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        long before = rig.device.count(TDT);
        for (int i = 0; i < 32; i++) {
            rig.machine.packet(rig.burst, i, TestMachine.bytes(60, i));
        }
        rig.transmit();
        assertEquals(before + 1, rig.device.count(TDT));
        assertEquals(1, rig.count(QueueCounter.DOORBELLS));
        rig.tx.transmit(rig.burst, 0, 0);
        assertEquals(1, rig.count(QueueCounter.DOORBELLS), "nothing posted, nothing rung");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void aFullRingTakesWholePacketsAndLeavesOneDescriptorFree(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        for (int i = 0; i < 40; i++) {
            rig.machine.segment(rig.burst, i, TestMachine.bytes(30, i), PacketFlags.SOP);
            rig.machine.segment(rig.burst, i, TestMachine.bytes(30, i), PacketFlags.EOP);
        }
        // 63 usable descriptors: 1 context and 31 packets of 2
        assertEquals(62, rig.transmit());
        assertEquals(31, rig.tx.outstanding());
        assertEquals(63, rig.device.registers.get(TDT));
        assertEquals(31, rig.finish());
        assertEquals(0, rig.tx.outstanding());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whatIsNotTakenIsUntouchedAndGoesLater(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        for (int i = 0; i < 100; i++) {
            rig.machine.packet(rig.burst, i, TestMachine.bytes(64, i));
        }
        int at = 0;
        int completed = 0;
        while (completed < 100) {
            at = rig.tx.transmit(rig.burst, at, 100);
            rig.device.transmit(7);
            int done = rig.tx.reclaim(5);
            assertTrue(done >= 0 && done <= 5);
            completed += done;
            assertTrue(completed <= rig.device.sent.size(), "nothing is reported before it is sent");
        }
        assertEquals(100, rig.device.sent.size());
        for (int i = 0; i < 100; i++) {
            assertArrayEquals(TestMachine.bytes(64, i), rig.device.sent.get(i).bytes(), "packet " + i);
        }
        assertEquals(100, rig.count(QueueCounter.PACKETS));
        assertEquals(6400, rig.count(QueueCounter.BYTES));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void largeSegmentsAreSplitAt16KiB(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        byte[] bytes = TestMachine.bytes(40000, 3);
        rig.machine.segment(rig.burst, 5, bytes, PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV4);
        rig.burst.offload(0, PacketBurst.txOffload(14, 20, 20, 1460, 0));
        assertEquals(1, rig.transmit());
        assertEquals(4, rig.device.registers.get(TDT), "a context and 3 descriptors");
        assertEquals(1, rig.finish());
        assertArrayEquals(bytes, rig.device.sent.get(0).bytes());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void aRandomMixKeepsOrderAndBytes(PluginFactory factory) {
        long seed = 82599;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Rig rig = new Rig(factory).running();
        List<byte[]> expected = new ArrayList<>();
        int handle = 0;
        int reclaimed = 0;
        for (int round = 0; round < 3000; round++) {
            rig.burst.clear();
            List<byte[]> built = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            for (int p = random.nextInt(6); p > 0; p--) {
                byte[] whole = new byte[0];
                int segments = 1 + random.nextInt(5);
                for (int s = 0; s < segments; s++) {
                    byte[] part = TestMachine.bytes(17 + random.nextInt(100), random.nextInt());
                    rig.machine.segment(rig.burst, handle++ & 0x3FF, part,
                            (s == 0 ? PacketFlags.SOP : 0) | (s == segments - 1 ? PacketFlags.EOP : 0));
                    whole = concat(whole, part);
                }
                built.add(whole);
                ends.add(rig.burst.size());
            }
            int taken = rig.tx.transmit(rig.burst, 0, rig.burst.size());
            assertTrue(taken == 0 || ends.contains(taken), "whole packets only");
            for (int i = 0; i < built.size() && ends.get(i) <= taken; i++) {
                expected.add(built.get(i));
            }
            rig.device.transmit(random.nextInt(20));
            reclaimed += rig.reclaim(random.nextInt(8));
            assertTrue(reclaimed <= rig.device.sent.size(), "nothing is reported before it is sent");
            assertEquals(expected.size() - reclaimed, rig.tx.outstanding());
        }
        while (rig.tx.outstanding() > 0) {
            rig.finish();
        }
        assertEquals(expected.size(), rig.device.sent.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), rig.device.sent.get(i).bytes());
        }
        assertEquals(expected.size(), rig.count(QueueCounter.PACKETS));
    }
}
