package dev.npa.shell.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.FakeNic;
import dev.npa.shell.runtime.fake.Frames;
import dev.npa.shell.runtime.fake.Reference;
import dev.npa.shell.runtime.fake.TestFramework;
import dev.npa.shell.runtime.fake.TestImages;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets with requests over carriers of all kinds and the switches between them, on several queues. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OffloadSwitchTest {

    private static final int FLOWS = 12;
    private static final Set<Feature> NOTHING = EnumSet.of(Feature.SCATTER_GATHER, Feature.JUMBO, Feature.RX_SCATTER);

    private final TestFramework framework = new TestFramework();
    /** Frames that are to leave, by source port. */
    private final Map<Integer, List<byte[]>> expected = new HashMap<>();
    private int packets;

    @AfterAll
    void stop() {
        framework.close();
    }

    private GuestRig rig(int queues, java.util.function.Consumer<FakeNic> emulated) {
        expected.clear();
        packets = 0;
        GuestOptions options = new GuestOptions(Systems.first(), 1500, queues, Set.of(), 0);
        return new GuestRig(framework, options, new FakeMachine(32), 256, emulated);
    }

    private static void everything(FakeNic nic) {
        nic.features = EnumSet.allOf(Feature.class);
        nic.queuePairs = 4;
        nic.maxSegments = 40;
        nic.maxTsoBytes = 65535;
    }

    private static void nothing(FakeNic nic) {
        nic.features = NOTHING;
        nic.queuePairs = 2;
    }

    private static void drawn(FakeNic nic, Random random) {
        nic.features = EnumSet.copyOf(NOTHING);
        for (Feature feature : Feature.values()) {
            if (random.nextBoolean() && feature != Feature.LRO && feature != Feature.RSS) {
                nic.features.add(feature);
            }
        }
        nic.queuePairs = 1 + random.nextInt(5);
        nic.maxSegments = 4 + random.nextInt(36);
        nic.maxTsoBytes = 4000 + random.nextInt(61_000);
    }

    private void send(GuestRig rig, Random random) {
        Frames.Recipe r = new Frames.Recipe();
        r.flow = random.nextInt(FLOWS);
        r.v4 = r.flow % 2 == 0;
        r.vlan = random.nextInt(3) == 0 ? random.nextInt(0x10000) : -1;
        r.tcpOptions = random.nextBoolean() ? 12 : 0;
        if (random.nextInt(3) > 0) {
            r.mss = 200 + random.nextInt(1200);
            r.payload = 1 + random.nextInt(random.nextInt(4) == 0 ? 64_000 : 8000);
        } else {
            r.payload = random.nextInt(1300);
            r.l4Checksum = random.nextBoolean();
            r.ipChecksum = random.nextBoolean();
        }
        Frames packet = Frames.make(r, random);
        byte[] frame = packet.frame();
        if (rig.channel.send(packet, 0xFFFF)) {
            packets++;
            expected.computeIfAbsent(1024 + r.flow, f -> new ArrayList<>())
                    .addAll(Reference.apply(frame, packet.flags(), packet.offload()));
        }
    }

    private static int port(byte[] frame) {
        ByteBuffer f = ByteBuffer.wrap(frame);
        int l3 = f.getShort(12) == (short) 0x8100 ? 18 : 14;
        return f.getShort(l3 + (f.getShort(l3 - 2) == 0x0800 ? 20 : 40)) & 0xFFFF;
    }

    private void assertExact(GuestRig rig) {
        rig.until("everything is out", () -> rig.wire.size() >= expected.values().stream().mapToInt(List::size).sum());
        Map<Integer, Integer> next = new HashMap<>();
        for (byte[] frame : rig.wire) {
            int flow = port(frame);
            int n = next.merge(flow, 1, Integer::sum) - 1;
            assertTrue(n < expected.get(flow).size(), "a frame too many in flow " + flow);
            assertArrayEquals(expected.get(flow).get(n), frame, "flow " + flow + ", frame " + n);
        }
        assertEquals(expected.values().stream().mapToInt(List::size).sum(), rig.wire.size());
        assertEquals(List.of(), rig.hypervisor.emulated.violations);
        for (FakeNic vf : rig.hypervisor.vfs) {
            assertEquals(List.of(), vf == null ? List.of() : vf.violations);
        }
        rig.until("completions", () -> rig.guest.statistics().txPackets() == packets);
        assertEquals(0, rig.guest.statistics().txAborted() + rig.guest.statistics().txLost());
        int rings = rig.guest.pool().size() - rig.guest.pool().available();
        assertTrue(rings <= 4 * 48 + 5 * 48, "all that was sent was freed: " + rings);
        rig.guest.close();
        assertEquals(0, rig.guest.allocator().allocations());
    }

    @Test
    void packetsThatWaitWithATsoRequestLeaveCorrectlyOnACarrierWithoutTso() {
        Random random = new Random(11);
        GuestRig rig = rig(4, nic -> everything(nic));
        rig.hypervisor.nextVf = OffloadSwitchTest::nothing;
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.until("transmit is held", () -> {
            send(rig, random);
            return rig.hypervisor.log.contains("ACTIVATE_VF 0 1");
        });
        for (int i = 0; i < 40; i++) {
            send(rig, random);
        }
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result(), rig.hypervisor.text());
        assertTrue(rig.guest.statistics().total(Counter.TX_SOFTWARE) > 0);
        assertExact(rig);
    }

    @Test
    void aCarrierThatCanDoEverythingGetsPacketsAsTheyAre() {
        Random random = new Random(12);
        GuestRig rig = rig(4, nic -> everything(nic));
        for (int i = 0; i < 200; i++) {
            send(rig, random);
            rig.round();
        }
        long software = rig.guest.statistics().total(Counter.TX_SOFTWARE);
        assertTrue(software < packets / 4, software + " of " + packets + ": those of one segment only");
        assertExact(rig);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void anyPacketsOverAnyCarriersInAnyOrderOfEvents(long seed) {
        Random random = new Random(seed);
        GuestRig rig = rig(1 + random.nextInt(8), nic -> drawn(nic, random));
        rig.hypervisor.nextVf = vf -> drawn(vf, random);
        int requests = 0;
        for (int i = 0; i < 3000; i++) {
            int amount = 1 + random.nextInt(8);
            switch (random.nextInt(5)) {
                case 0, 1 -> rig.guest.run(amount);
                case 2 -> send(rig, random);
                case 3 -> rig.hypervisor.work(amount);
                default -> {
                    rig.hypervisor.emulated.progress(amount);
                    for (FakeNic vf : rig.hypervisor.vfs) {
                        if (vf != null) {
                            vf.progress(amount);
                        }
                    }
                }
            }
            boolean settled = rig.hypervisor.sequence == 0 || rig.hypervisor.isAnswered();
            if (settled && requests < 6 && random.nextInt(150) == 0) {
                requests++;
                int active = rig.guest.switchover().active();
                if (active >= 0 && random.nextBoolean()) {
                    rig.hypervisor.emulate();
                } else {
                    rig.hypervisor.passthrough(active < 0 ? random.nextInt(2) : 1 - active, TestImages.good());
                }
            }
            rig.machine.nanos += random.nextInt(10_000);
        }
        if (rig.hypervisor.sequence != 0) {
            rig.untilAnswered();
            assertEquals(0, rig.hypervisor.result(), rig.hypervisor.text());
        }
        assertExact(rig);
    }
}
