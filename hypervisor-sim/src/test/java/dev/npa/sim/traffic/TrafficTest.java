package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.pcap.CaptureException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Stations at both ends of a bridge: what arrives, in which account, and when. */
class TrafficTest {

    private static final long SECOND = 1_000_000_000L;

    private final TestBridge bridge = new TestBridge();
    private final Traffic traffic = bridge.traffic;

    private TrafficFlow replay(Traffic.Place vm, Traffic.Place peer) throws CaptureException {
        return traffic.replay("sample", SampleCapture.make(), vm, peer, 1500, Pacing.capture(1), 0);
    }

    private static GeneratorSpec spec(long frames, Pacing pacing) {
        return new GeneratorSpec(GeneratorSpec.Sizes.range(60, 1514), false, false, 0, 3, pacing, frames, true, 1500,
                5);
    }

    private void finish() {
        traffic.stop();
        assertTrue(bridge.runUntil(traffic::isIdle, 5 * SECOND), "not idle");
    }

    private void assertClean() {
        for (AccountSummary s : traffic.summaries()) {
            assertTrue(s.settled());
            assertTrue(s.total().isClean(), s.toString());
            assertTrue(s.total().received() > 0, s.toString());
        }
        assertTrue(traffic.total().isClean());
    }

    @Test
    void replayLoopsUntilStoppedAndIsAccountedForExactly() throws CaptureException {
        TrafficFlow flow = replay(bridge.vm("vm0"), traffic.place(bridge.peer));
        traffic.start();
        bridge.runFor(SECOND / 5);
        finish();
        assertClean();
        AccountSummary.Phase total = traffic.total();
        // The sample takes about 45 ms.
        assertTrue(total.sent() > 3 * SampleCapture.FRAMES, total.toString());
        assertTrue(flow.isIdle(bridge.nanos()));
        assertTrue(flow.description().contains("built-in sample"));
    }

    @Test
    void oneRoundSendsEachFrameOfACaptureOnce() throws CaptureException {
        traffic.replay("once", SampleCapture.make(), bridge.vm("vm0"), traffic.place(bridge.peer), 1500,
                Pacing.capture(1), 1);
        traffic.start();
        assertTrue(bridge.runUntil(traffic::isIdle, SECOND));
        assertEquals(SampleCapture.make().frames().size(), traffic.total().sent());
        assertClean();
    }

    @Test
    void pauseStopsSendingAndStartGoesOn() throws CaptureException {
        TrafficFlow flow = replay(bridge.vm("vm0"), traffic.place(bridge.peer));
        flow.start();
        bridge.runFor(SECOND / 100);
        finish();
        long first = traffic.total().sent();
        bridge.runFor(SECOND);
        assertEquals(first, traffic.total().sent());
        flow.start();
        bridge.runFor(SECOND / 100);
        finish();
        long second = traffic.total().sent() - first;
        // The pause is not caught up.
        assertTrue(second > 0 && second < 3 * first, first + " " + second);
        assertClean();
    }

    @Test
    void limitEndsAFlowAndRateSetsItsTime() {
        traffic.generate("g", spec(1_000, Pacing.framesPerSecond(100_000)), bridge.vm("vm0"),
                traffic.place(bridge.peer));
        traffic.start();
        assertTrue(bridge.runUntil(traffic::isIdle, SECOND));
        assertEquals(2_000, traffic.total().sent());
        assertClean();
        // 999 intervals of 10 us, and the linger.
        assertEquals(9_990_000 + FrameAccount.LINGER, bridge.nanos(), 200_000);
    }

    @Test
    void bitRateCountsTheBitsOfFrames() {
        traffic.generate("g", spec(0, Pacing.bitsPerSecond(1e9)), bridge.vm("vm0"), traffic.place(bridge.peer));
        traffic.start();
        bridge.runFor(SECOND / 10);
        finish();
        for (AccountSummary s : traffic.summaries()) {
            assertEquals(1e8 / 8, s.total().sentBytes(), 1e8 / 8 / 50);
        }
    }

    @Test
    void unlimitedTrafficWaitsForTheWireAndLosesNothing() {
        traffic.generate("g", spec(20_000, Pacing.unlimited()), bridge.vm("vm0"), traffic.place(bridge.peer));
        traffic.start();
        assertTrue(bridge.runUntil(traffic::isIdle, SECOND));
        assertClean();
        AccountSummary.Phase total = traffic.summaries().get(0).total();
        double megabits = (total.sentBytes() + 24.0 * total.sent()) * 8_000 / (bridge.nanos() - FrameAccount.LINGER);
        assertEquals(10_000, megabits, 300);
    }

    @Test
    void stationSaysWhenABusyLineHasRoomAgain() {
        Traffic.Place vm = bridge.vm("vm0");
        traffic.generate("g", spec(0, Pacing.unlimited()), vm, traffic.place(bridge.peer));
        traffic.start();
        while (bridge.peer.run(64) > 0) {
            // Fills what the line lets a sender have waiting.
        }
        long next = bridge.peer.nextEvent();
        assertTrue(next > bridge.nanos() && next < SECOND, next + "");
        bridge.stall(next - bridge.nanos());
        assertTrue(bridge.peer.run(64) > 0);
    }

    @Test
    void stuckReceiverIsBackPressureNotLoss() {
        traffic.generate("g", spec(0, Pacing.framesPerSecond(1e6)), bridge.vm("vm0"), traffic.place(bridge.peer));
        traffic.start();
        bridge.runFor(SECOND / 1_000);
        bridge.frozen = true;
        bridge.runFor(SECOND / 100);
        bridge.frozen = false;
        bridge.runFor(SECOND / 1_000);
        finish();
        assertClean();
        long gap = traffic.total().gapNanos();
        assertEquals(10_000_000, gap, 200_000);
    }

    @Test
    void pulledCableHoldsFramesBack() {
        traffic.generate("g", spec(0, Pacing.framesPerSecond(100_000)), bridge.vm("vm0"), traffic.place(bridge.peer));
        traffic.start();
        bridge.runFor(SECOND / 1_000);
        bridge.wire.setUp(false);
        bridge.runFor(SECOND / 100);
        bridge.wire.setUp(true);
        finish();
        assertClean();
    }

    @Test
    void groupFramesReachAllButBelongToTheirFlow() throws CaptureException {
        for (int i = 0; i < 3; i++) {
            replay(bridge.vm("vm" + i), traffic.place(bridge.peer));
        }
        Traffic.Place fourth = bridge.vm("vm3");
        Traffic.Place fifth = bridge.vm("vm4");
        replay(fourth, fifth);
        traffic.start();
        bridge.runFor(SECOND / 10);
        finish();
        assertClean();
        assertTrue(fourth.station().overheard() > 0);
        assertTrue(bridge.peer.overheard() > 0);
    }

    @Test
    void groupFramesOfAVmWithFlowsToAnotherVmAndToTheWireBelongToOneOfThem() throws CaptureException {
        Traffic.Place first = bridge.vm("vm0");
        replay(first, bridge.vm("vm1"));
        traffic.generate("g", spec(0, Pacing.framesPerSecond(50_000)), first, traffic.place(bridge.peer));
        traffic.start();
        bridge.runFor(SECOND / 10);
        finish();
        assertClean();
        assertTrue(bridge.peer.overheard() > 0);
    }

    @Test
    void twoFlowsOfOnePairAreToldApartByContent() throws CaptureException {
        Traffic.Place first = bridge.vm("vm0");
        Traffic.Place second = bridge.vm("vm1");
        replay(first, second);
        replay(first, second);
        traffic.generate("g", spec(0, Pacing.framesPerSecond(50_000)), second, first);
        traffic.start();
        bridge.runFor(SECOND / 20);
        finish();
        assertClean();
    }

    @Test
    void faultsOfThePathAreCountedExactly() {
        traffic.generate("g", spec(5_000, Pacing.framesPerSecond(100_000)), bridge.vm("vm0"),
                traffic.place(bridge.peer));
        Random random = new Random(11);
        long[] expected = new long[3];
        bridge.fault = in -> {
            byte[] f = in.get(0);
            switch (random.nextInt(50)) {
                case 0:
                    expected[0]++;
                    return List.of();
                case 1:
                    expected[1]++;
                    return List.of(f, f);
                case 2:
                    expected[2]++;
                    byte[] broken = f.clone();
                    broken[6 + random.nextInt(broken.length - 6)] ^= 0x10;
                    return List.of(f, broken);
                default:
                    return in;
            }
        };
        traffic.start();
        assertTrue(bridge.runUntil(traffic::isIdle, 10 * SECOND));
        AccountSummary toVm = traffic.summaries().get(1);
        assertEquals(expected[0], toVm.total().lost());
        assertTrue(expected[0] > 50 && expected[1] > 50 && expected[2] > 50);
        assertEquals(5_000 - expected[0], toVm.total().received());
        assertEquals(expected[1], toVm.total().duplicated());
        assertEquals(expected[2], toVm.total().foreign());
        assertEquals(0, toVm.total().reordered());
        assertTrue(traffic.summaries().get(0).total().isClean());
    }

    @Test
    void frameThatNobodySentIsForeign() {
        Traffic.Place vm = bridge.vm("vm0");
        traffic.generate("g", spec(10, Pacing.unlimited()), vm, traffic.place(bridge.peer));
        byte[] stranger = FrameBuilder.ethernet(MacAddress.BROADCAST, MacAddress.parse("02:66:00:00:00:01"), 0, 0x88B5,
                new byte[50]);
        byte[] echo = FrameBuilder.ethernet(MacAddress.BROADCAST, vm.mac(), 0, 0x88B5, new byte[50]);
        bridge.guest(0).deliver(stranger);
        bridge.guest(0).deliver(echo);
        bridge.guest(0).deliver(new byte[14]);
        traffic.start();
        assertTrue(bridge.runUntil(traffic::isIdle, SECOND));
        assertEquals(3, traffic.total().foreign());
        Traffic.Place idle = bridge.vm("vm1");
        bridge.guest(1).deliver(stranger);
        bridge.runFor(1_000);
        assertEquals(1, idle.station().strangers());
        assertEquals(4, traffic.total().foreign());
    }

    @Test
    void phasesFollowTheScenario() {
        traffic.generate("g", spec(0, Pacing.framesPerSecond(100_000)), bridge.vm("vm0"), traffic.place(bridge.peer));
        traffic.phase("emulated");
        traffic.start();
        bridge.runFor(SECOND / 100);
        traffic.phase("niantic 1.0.0");
        bridge.runFor(SECOND / 50);
        finish();
        List<AccountSummary.Phase> phases = traffic.summaries().get(0).phases();
        assertEquals(2, phases.size());
        assertEquals(1_000, phases.get(0).sent(), 30);
        assertEquals(2_000, phases.get(1).sent(), 30);
    }

    @Test
    void frameThatNoEndpointTakesIsRefusedWhenTheFlowIsMade() {
        Traffic.Place vm = bridge.vm("vm0");
        GeneratorSpec jumbo = new GeneratorSpec(GeneratorSpec.Sizes.fixed(20_000), false, false, 0,
                1, Pacing.unlimited(), 0, true, 20_000, 5);
        String message = assertThrows(IllegalArgumentException.class,
                () -> traffic.generate("g", jumbo, vm, traffic.place(bridge.peer))).getMessage();
        assertTrue(message.contains("20000") && message.contains("peer"), message);
        assertFalse(traffic.flows().iterator().hasNext());
    }

    @Test
    void offloadedTrafficOfAllKindsIsAccountedForExactlyBothWays() {
        Traffic.Place vm = bridge.vm("vm0");
        GeneratorSpec spec = new GeneratorSpec(GeneratorSpec.Sizes.range(90, 30_000),
                List.of(GeneratorSpec.Transport.values()), 42, 8, Pacing.framesPerSecond(20_000), 300, true, 1500, 5,
                new Offloads(true, true, true, 0), false, 6);
        // The guest's NIC strips tags.
        bridge.reception = f -> new FakeGuest.Record(NaiveNic.untag(f), PacketFlags.RX_VLAN,
                (long) NaiveNic.u16(f, 14) << 32, 0, 0);
        traffic.generate("tso", spec, vm, traffic.place(bridge.peer));
        traffic.start();
        assertTrue(bridge.runUntil(traffic::isIdle, SECOND));
        assertClean();
        assertTrue(traffic.summaries().get(0).total().sent() > 1_500, traffic.summaries().toString());
        assertEquals(300, traffic.summaries().get(1).total().sent());
    }

    @Test
    void requestsForAnEndWithoutAStackAreRefused() {
        FrameSequence s = FrameGenerator.generate(new GeneratorSpec(GeneratorSpec.Sizes.range(90, 1500),
                List.of(GeneratorSpec.Transport.UDP4), 0, 8, Pacing.unlimited(), 0, true, 1500, 5,
                new Offloads(true, false, false, 0), false, 0), ExpansionTest.A, ExpansionTest.B, true, true);
        FrameSource source = new FrameSource(s, new FrameAccount("x"), Pacing.unlimited(), 0);
        String message = assertThrows(IllegalArgumentException.class, () -> bridge.peer.add(source)).getMessage();
        assertTrue(message.contains("no stack"), message);
    }

    @Test
    void runningAllocatesNothingForAFrame() throws CaptureException {
        // A station that talks to itself through a loop without allocation.
        LoopEndpoint left = new LoopEndpoint();
        Stations macs = new Stations();
        Station station = new Station("s", left, bridge, macs);
        MacAddress a = MacAddress.parse("02:00:00:00:00:0a");
        MacAddress b = MacAddress.parse("02:00:00:00:00:0b");
        CaptureRewriter.Replay replay = CaptureRewriter.rewrite(SampleCapture.make(), a, b, 1500);
        FrameAccount account = new FrameAccount("loop");
        FrameSource source = new FrameSource(replay.fromVm(), account, Pacing.unlimited(), 0);
        station.receive(b, a, account);
        station.add(source);
        source.start();
        for (int i = 0; i < 20_000; i++) {
            station.run(16);
            station.nextEvent();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long sent = account.summary(0).total().sent();
        for (int i = 0; i < 20_000; i++) {
            station.run(16);
            station.nextEvent();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        long frames = account.summary(0).total().sent() - sent;
        assertTrue(frames > 100_000, frames + " frames");
        assertTrue(allocated < frames, allocated + " bytes for " + frames + " frames");
        assertTrue(account.summary(0).total().duplicated() == 0);
    }

    /** Returns what is sent, at most 16 frames behind. */
    private static final class LoopEndpoint implements Endpoint {
        private final ByteBuffer frames = ByteBuffer.allocateDirect(16 * 2048);
        private final int[] lengths = new int[16];
        private int in;
        private int out;

        @Override
        public int maxFrame() {
            return 2048;
        }

        @Override
        public boolean canSend(int length) {
            return in - out < 16;
        }

        @Override
        public boolean takesRequests() {
            return false;
        }

        @Override
        public boolean send(ByteBuffer source, int offset, int length, int flags, long offload) {
            frames.put((in & 15) * 2048, source, offset, length);
            lengths[in++ & 15] = length;
            return true;
        }

        @Override
        public int receive(ByteBuffer target, int offset, ChannelRecord info) {
            info.clear();
            if (in == out) {
                return -1;
            }
            target.put(offset, frames, (out & 15) * 2048, lengths[out & 15]);
            return lengths[out++ & 15];
        }

        @Override
        public long nextArrival() {
            return in != out ? 0 : Long.MAX_VALUE;
        }

        @Override
        public long readyAt() {
            return Long.MAX_VALUE;
        }
    }
}
