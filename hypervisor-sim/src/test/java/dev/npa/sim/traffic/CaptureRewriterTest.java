package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.pcap.Capture;
import dev.npa.sim.pcap.CaptureException;
import dev.npa.sim.pcap.CapturedFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureRewriterTest {

    private static final MacAddress X = MacAddress.parse("00:11:22:33:44:01");
    private static final MacAddress Y = MacAddress.parse("00:11:22:33:44:02");
    private static final MacAddress Z = MacAddress.parse("00:11:22:33:44:03");
    private static final MacAddress VM = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:0b");
    private static final MacAddress GROUP = MacAddress.parse("01:00:5e:00:00:fb");

    private final List<CapturedFrame> frames = new ArrayList<>();
    private long nanos = 1_700_000_000_000_000_000L;

    private void frame(MacAddress from, MacAddress to, int type, byte[] body) {
        frames.add(new CapturedFrame(nanos += 1_000, FrameBuilder.ethernet(to, from, 0, type, body)));
    }

    private void udp(MacAddress from, MacAddress to, int data) {
        frame(from, to, Ether.TYPE_IPV4, FrameBuilder.ipv4(1, 2, 17, 1, 0, FrameBuilder.udp(5, 6, new byte[data])));
    }

    private CaptureRewriter.Replay rewrite(int mtu) throws CaptureException {
        return CaptureRewriter.rewrite(new Capture("c", frames, 0, 0), VM, PEER, mtu);
    }

    private static byte[] first(FrameSequence s) {
        return FrameSequenceTest.stamped(s, 0, 0);
    }

    private static List<MacAddress> addresses(byte[] f) {
        return List.of(new MacAddress(Net.mac(f, 0)), new MacAddress(Net.mac(f, 6)));
    }

    @Test
    void busiestPairIsTheConversationAndItsFirstSenderTheVm() throws CaptureException {
        udp(Z, Y, 10);
        udp(Y, X, 10);
        udp(X, Y, 10);
        udp(Z, X, 10);
        udp(X, Z, 10);
        udp(X, Y, 10);
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(Y, replay.report().vmStation());
        assertEquals(1, replay.fromVm().size());
        assertEquals(5, replay.toVm().size());
        assertEquals(List.of(PEER, VM), addresses(first(replay.fromVm())));
        for (int i = 0; i < 5; i++) {
            assertEquals(List.of(VM, PEER), addresses(FrameSequenceTest.stamped(replay.toVm(), i, 0)));
        }
    }

    @Test
    void ofEqualPairsTheFirstSeenWins() throws CaptureException {
        udp(Z, Y, 10);
        udp(X, Y, 10);
        assertEquals(Z, rewrite(1500).report().vmStation());
    }

    @Test
    void groupDestinationsStay() throws CaptureException {
        udp(X, Y, 10);
        udp(X, GROUP, 10);
        udp(Z, MacAddress.BROADCAST, 10);
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(List.of(GROUP, VM), addresses(FrameSequenceTest.stamped(replay.fromVm(), 1, 0)));
        assertEquals(List.of(MacAddress.BROADCAST, PEER), addresses(first(replay.toVm())));
    }

    @Test
    void withoutUnicastTheFirstSenderIsTheVm() throws CaptureException {
        udp(Z, GROUP, 10);
        udp(X, GROUP, 10);
        assertEquals(Z, rewrite(1500).report().vmStation());
    }

    @Test
    void arpHardwareAddressesFollow() throws CaptureException {
        frame(X, MacAddress.BROADCAST, Ether.TYPE_ARP, FrameBuilder.arp(1, X, 1, new MacAddress(0), 2));
        frame(Y, X, Ether.TYPE_ARP, FrameBuilder.arp(2, Y, 2, X, 1));
        udp(X, Y, 10);
        udp(X, Y, 10);
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(Y, replay.report().vmStation());
        byte[] request = first(replay.toVm());
        assertEquals(PEER.value(), Net.mac(request, 22));
        assertEquals(0, Net.mac(request, 32));
        byte[] reply = first(replay.fromVm());
        assertEquals(VM.value(), Net.mac(reply, 22));
        assertEquals(PEER.value(), Net.mac(reply, 32));
        assertEquals(2, Net.get32(reply, 28));
    }

    @Test
    void largeTcpIsSegmentedAndOtherLargeFramesAreCounted() throws CaptureException {
        byte[] tcp = FrameBuilder.tcp(80, 90, 1, 2, 0x18, new byte[30_000]);
        frame(X, Y, Ether.TYPE_IPV4, FrameBuilder.ipv4(1, 2, 6, 1, 0x4000, tcp));
        udp(X, Y, 1_473);
        udp(X, Y, 1_472);
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(1, replay.report().large());
        assertEquals(21, replay.report().segments());
        assertEquals(1, replay.report().oversize());
        assertEquals(22, replay.fromVm().size());
        FrameSequenceTest.assertUnique(replay.fromVm(), 3);
        String text = replay.report().describe();
        assertTrue(text.contains("1 large TCP frames became 21 segments"), text);
        assertTrue(text.contains("1 frames that exceed the MTU"), text);
        assertEquals(0, rewrite(65_535).report().large());
    }

    /** Payload lengths of the large frames of a capture that a kernel made with TSO on, MSS 1448. */
    @Test
    void largeFramesOfAKernelAreTsoRequestsOfAVmAndSegmentsOfAWire() throws CaptureException {
        int[] payloads = {65160, 33144, 7240, 30408, 752, 7192, 59048, 52608, 34752, 2736, 24616, 23168, 15928, 1448};
        int sequence = 1;
        int segments = 0;
        for (int p : payloads) {
            byte[] options = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
            frame(X, Y, Ether.TYPE_IPV4, FrameBuilder.ipv4(1, 2, 6, 9, 0x4000,
                    FrameBuilder.tcp(80, 90, sequence, 2, 0x18, options, new byte[p])));
            sequence += p;
            segments += (p + 1447) / 1448;
        }
        Capture capture = new Capture("c", frames, 0, 0);
        CaptureRewriter.Replay asked = CaptureRewriter.rewrite(capture, VM, PEER, 1500,
                new Offloads(true, true, false, 0), Offloads.NONE);
        assertEquals(12, asked.report().requests());
        assertEquals(payloads.length, asked.fromVm().size());
        assertTrue(asked.report().describe().contains("12 large TCP frames are TSO requests"));
        CaptureRewriter.Replay cut = rewrite(1500);
        assertEquals(0, cut.report().requests());
        assertEquals(12, cut.report().large());
        assertEquals(segments, cut.fromVm().size());
        for (int round = 0; round < 2; round++) {
            int at = 0;
            for (FakeGuest.Record record : ExpansionTest.records(asked.fromVm(), round)) {
                for (byte[] f : NaiveNic.send(record)) {
                    assertArrayEquals(f, FrameSequenceTest.stamped(cut.fromVm(), at++, round), "frame " + at);
                }
            }
            assertEquals(segments, at);
        }
    }

    @Test
    void partialChecksumsAreCompletedAndCounted() throws CaptureException {
        udp(X, Y, 100);
        frames.get(0).bytes()[40] ^= 0x55;
        udp(X, Y, 101);
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(1, replay.report().checksums());
        assertTrue(Checksums.areRight(first(replay.fromVm())));
    }

    @Test
    void linkLocalFramesAndForeignPaddingStayBehind() throws CaptureException {
        udp(X, MacAddress.parse("01:80:c2:00:00:0e"), 10);
        udp(X, Y, 100);
        byte[] padded = Arrays.copyOf(frames.get(1).bytes(), 200);
        Arrays.fill(padded, 142, 200, (byte) 0xEE);
        frames.set(1, new CapturedFrame(nanos, padded));
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(1, replay.report().linkLocal());
        assertEquals(146, first(replay.fromVm()).length);
    }

    @Test
    void timesStartAtZeroAndNeverRunBackwards() throws CaptureException {
        udp(X, Y, 10);
        udp(X, Y, 11);
        udp(Y, X, 12);
        frames.add(1, new CapturedFrame(frames.get(0).nanos() - 500, frames.get(0).bytes()));
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(0, replay.fromVm().nanos(0));
        assertEquals(0, replay.fromVm().nanos(1));
        assertEquals(1_000, replay.fromVm().nanos(2));
        assertEquals(2_000, replay.toVm().nanos(0));
        assertEquals(2_500, replay.toVm().periodNanos());
        assertEquals(replay.toVm().periodNanos(), replay.fromVm().periodNanos());
    }

    @Test
    void nothingToReplayIsOneSentence() {
        String empty = assertThrows(CaptureException.class, () -> rewrite(1500)).getMessage();
        assertTrue(empty.contains("nothing to replay"), empty);
        udp(X, Y, 5_000);
        assertTrue(assertThrows(CaptureException.class, () -> rewrite(1500)).getMessage().contains("MTU of 1500"));
        assertThrows(IllegalArgumentException.class, () -> rewrite(100));
        assertThrows(IllegalArgumentException.class,
                () -> CaptureRewriter.rewrite(new Capture("c", frames, 0, 0), VM, VM, 1500));
    }

    @Test
    void damagedIpIsCarriedAsItIs() throws CaptureException {
        udp(X, Y, 100);
        frames.get(0).bytes()[16] = 0x7F;
        udp(X, Y, 100);
        frames.get(1).bytes()[14] = 0x41;
        CaptureRewriter.Replay replay = rewrite(1500);
        assertEquals(2, replay.fromVm().size());
        assertEquals(0x7F, first(replay.fromVm())[16]);
        assertEquals(0, replay.report().checksums());
    }
}
