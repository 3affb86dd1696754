package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.pf.RssSettings;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.net.packet.PacketHeaders;
import dev.npa.sim.net.packet.Toeplitz;
import dev.npa.sim.traffic.FrameAccount.Verdict;
import dev.npa.sim.traffic.GeneratorSpec.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The account of frames sent with requests and received with results: each verdict, and each way to fail. */
class OffloadAccountTest {

    private static final Offloads ALL = new Offloads(true, true, true, 0);
    private static final int GOOD = PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_GOOD;

    private final FrameAccount account = new FrameAccount("a -> b", 1_000, () -> 0);
    private final ChannelRecord said = new ChannelRecord();
    private long now;

    /** Sends the record and returns its frames on the wire. */
    private List<byte[]> send(FakeGuest.Record record) {
        account.sent(ByteBuffer.wrap(record.frame()), 0, record.frame().length, record.flags(), record.offload(),
                ++now);
        return NaiveNic.send(record);
    }

    private List<byte[]> sendLarge(Transport kind) {
        return send(ExpansionTest.records(kind, ALL, false, 0, 20_000, 5).stream()
                .filter(r -> r.frame().length > 9_000).findFirst().orElseThrow());
    }

    private Verdict receive(byte[] frame, int flags, long results, int lro, int queue) {
        said.set(flags, results, lro, queue);
        return account.received(ByteBuffer.wrap(frame), 0, frame.length, said, ++now);
    }

    private Verdict receive(byte[] frame) {
        return receive(frame, 0, 0, 0, 0);
    }

    private AccountSummary.Phase total() {
        return account.summary(now + 5_000).total();
    }

    private void assertFinding(String part) {
        assertEquals(1, total().foreign(), account.findings().toString());
        assertTrue(account.findings().get(0).contains(part), account.findings().toString());
    }

    private static byte[] merged(List<byte[]> frames, Transport kind) {
        return NaiveNic.merge(frames, 14, kind.ipv6 ? 40 : 20);
    }

    @Test
    void everythingIsCountedInFramesOfTheWire() {
        List<byte[]> frames = sendLarge(Transport.TCP4);
        assertEquals(frames.size(), total().sent());
        frames.forEach(f -> assertEquals(Verdict.IN_ORDER, receive(f)));
        assertTrue(total().isClean());
        assertEquals(total().sentBytes(), total().receivedBytes());
        assertEquals(frames.stream().mapToLong(f -> f.length).sum(), total().receivedBytes());
    }

    @Property(tries = 40)
    void anyWayOfMergingIsTakenApartAgain(@ForAll boolean v6, @ForAll boolean options, @ForAll long seed) {
        Random random = new Random(seed);
        Transport kind = v6 ? Transport.TCP6 : Transport.TCP4;
        FrameAccount own = new FrameAccount("p", 1_000, () -> 0);
        for (FakeGuest.Record record : ExpansionTest.records(kind, ALL, options, 0, 30_000, seed).subList(0, 10)) {
            own.sent(ByteBuffer.wrap(record.frame()), 0, record.frame().length, record.flags(), record.offload(), 0);
            List<byte[]> frames = NaiveNic.send(record);
            for (int i = 0; i < frames.size(); ) {
                int count = 1 + random.nextInt(Math.min(frames.size() - i, 12));
                List<byte[]> part = frames.subList(i, i + count);
                int l3 = (v6 ? 40 : 20) + (options && !v6 ? 8 : 0);
                byte[] m = NaiveNic.merge(part, 14, l3);
                int l4 = (m[14 + l3 + 12] >> 4 & 15) * 4;
                int mss = part.get(0).length - 14 - l3 - l4;
                ChannelRecord words = new ChannelRecord();
                words.set(GOOD | (count > 1 ? PacketFlags.RX_LRO : 0), 0, count << 16 | mss, 0);
                assertEquals(Verdict.IN_ORDER, own.received(ByteBuffer.wrap(m), 0, m.length, words, 1));
                i += count;
            }
        }
        assertTrue(own.summary(1).total().isClean(), own.findings() + " seed " + seed);
    }

    @Test
    void lostSegmentIsLost() {
        List<byte[]> frames = sendLarge(Transport.TCP6);
        frames.subList(1, frames.size()).forEach(this::receive);
        assertEquals(1, total().lost());
    }

    @Test
    void duplicatedSegmentIsDuplicatedAlsoInsideAMergedFrame() {
        List<byte[]> frames = sendLarge(Transport.TCP4);
        frames.forEach(this::receive);
        assertEquals(Verdict.DUPLICATE, receive(frames.get(2)));
        assertEquals(Verdict.DUPLICATE, receive(merged(frames.subList(3, 5), Transport.TCP4),
                GOOD | PacketFlags.RX_LRO, 0, 2 << 16 | 1460, 0));
        assertEquals(3, total().duplicated());
        assertEquals(0, total().foreign());
    }

    @Test
    void overtakenSegmentIsReordered() {
        List<byte[]> frames = sendLarge(Transport.TCP4);
        receive(frames.get(1));
        assertEquals(Verdict.REORDERED, receive(frames.get(0)));
        assertEquals(1, total().reordered());
    }

    @Test
    void everyChangedByteIsFound() {
        byte[] frame = sendLarge(Transport.TCP4).get(0);
        for (int i = 0; i < frame.length; i++) {
            byte[] broken = frame.clone();
            broken[i] ^= 0x20;
            assertEquals(Verdict.FOREIGN, receive(broken), "byte " + i);
        }
        assertEquals(Verdict.IN_ORDER, receive(frame));
    }

    @Test
    void changedPayloadByteOfAMergedFrameIsFound() {
        List<byte[]> frames = sendLarge(Transport.TCP6);
        byte[] m = merged(frames.subList(0, 3), Transport.TCP6);
        for (int at : new int[] {74, 74 + 1440, m.length - 1}) {
            byte[] broken = m.clone();
            broken[at] ^= 1;
            assertEquals(Verdict.FOREIGN, receive(broken, PacketFlags.RX_LRO, 0, 3 << 16 | 1440, 0));
        }
    }

    @Test
    void wrongChecksumIsFoundAndNamed() {
        byte[] frame = sendLarge(Transport.TCP4).get(0);
        frame[50] ^= 1;
        assertEquals(Verdict.FOREIGN, receive(frame));
        assertFinding("TCP checksum is wrong");
    }

    @Test
    void wrongIdentificationAndFlagsOfASegmentAreFound() {
        List<byte[]> frames = sendLarge(Transport.TCP4);
        byte[] id = frames.get(1).clone();
        NaiveNic.put16(id, 18, NaiveNic.u16(frames.get(0), 18));
        NaiveNic.insertIp(id, 14, 20);
        assertEquals(Verdict.FOREIGN, receive(id));
        byte[] push = frames.get(1).clone();
        push[47] |= 8;
        NaiveNic.insertL4(push, 14, 20, 6, push.length);
        assertEquals(Verdict.FOREIGN, receive(push));
    }

    @Test
    void goodFrameReportedBadIsAFinding() {
        assertEquals(Verdict.IN_ORDER, receive(sendLarge(Transport.TCP4).get(0), PacketFlags.RX_L4_BAD, 0, 0, 0));
        assertFinding("right checksums is reported as having a wrong one");
    }

    @Test
    void wrongKindIsAFinding() {
        receive(sendLarge(Transport.TCP4).get(0), PacketFlags.RX_IPV6, 0, 0, 0);
        assertFinding("said to be IPv6");
    }

    @Test
    void hashIsHeldAgainstToeplitzWithTheKey() {
        for (Transport kind : Transport.values()) {
            FakeGuest.Record record = ExpansionTest.records(kind, Offloads.NONE, false, 0, 1500, 7).get(0);
            byte[] f = send(record).get(0);
            ByteBuffer direct = ByteBuffer.allocateDirect(f.length).put(0, f);
            PacketHeaders headers = new PacketHeaders();
            headers.parse(direct, 0, f.length);
            Toeplitz toeplitz = new Toeplitz();
            toeplitz.key(RssSettings.standardKey());
            int hash = toeplitz.hash(headers, true);
            assertEquals(Verdict.IN_ORDER,
                    receive(f, PacketFlags.RX_HASH, Integer.toUnsignedLong(hash), 0, 0));
        }
        assertTrue(total().foreign() == 0, account.findings().toString());
        FakeGuest.Record record = ExpansionTest.records(Transport.UDP4, Offloads.NONE, false, 0, 1500, 8).get(0);
        receive(send(record).get(0), PacketFlags.RX_HASH, 0x1234, 0, 0);
        assertFinding("RSS hash 0x1234");
        account.rssKey(null);
        receive(send(ExpansionTest.records(Transport.UDP4, Offloads.NONE, false, 0, 1500, 9).get(1)).get(0),
                PacketFlags.RX_HASH, 0x1234, 0, 0);
        assertEquals(1, total().foreign());
    }

    @Test
    void flowKeepsItsQueueWhileItsCarrierStays() {
        List<byte[]> frames = sendLarge(Transport.TCP4);
        receive(frames.get(0), 0, 0, 0, 2);
        receive(frames.get(1), 0, 0, 0, 2);
        account.carrierChanging(true);
        receive(frames.get(2), 0, 0, 0, 1);
        account.carrierChanging(false);
        receive(frames.get(3), 0, 0, 0, 0);
        assertTrue(account.findings().isEmpty(), account.findings().toString());
        receive(frames.get(4), 0, 0, 0, 1);
        assertFinding("receive queue 1");
    }

    @Test
    void tagByRequestMustBeInTheFrame() {
        FakeGuest.Record record = ExpansionTest.records(Transport.TCP4, ALL, false, 42, 9_000, 5).get(3);
        List<byte[]> frames = send(record);
        byte[] frame = frames.get(0);
        assertEquals(Verdict.FOREIGN, receive(NaiveNic.untag(frame)));
        assertEquals(Verdict.FOREIGN, receive(NaiveNic.tag(NaiveNic.untag(frame), 42)), "PCP and DEI count");
        assertEquals(Verdict.IN_ORDER, receive(NaiveNic.tag(NaiveNic.untag(frame), 11 << 12 | 42)));
    }

    @Test
    void wrongWordsAboutAMergedFrameAreFindings() {
        List<byte[]> frames = sendLarge(Transport.TCP4);
        receive(merged(frames.subList(0, 2), Transport.TCP4), GOOD | PacketFlags.RX_LRO, 0, 3 << 16 | 1460, 0);
        assertFinding("merged from 2 segments is said to have 3");
        receive(merged(frames.subList(2, 4), Transport.TCP4), GOOD | PacketFlags.RX_LRO, 0, 2 << 16 | 900, 0);
        assertTrue(account.findings().get(1).contains("MSS 900"));
        byte[] acknowledged = merged(frames.subList(4, 6), Transport.TCP4);
        acknowledged[43] ^= 1;
        receive(acknowledged, GOOD | PacketFlags.RX_LRO, 0, 2 << 16 | 1460, 0);
        assertTrue(account.findings().get(2).contains("acknowledgement"));
        assertEquals(6, total().received());
    }

    @Test
    void paddingOfAShortSegmentDoesNotCountButOtherBytesDo() {
        byte[] tcp = FrameBuilder.tcp(1, 2, 3, 4, 0x10, new byte[] {7});
        byte[] plain = FrameBuilder.ethernet(ExpansionTest.B, ExpansionTest.A, 0, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(1, 2, 6, 1, 0, tcp));
        List<byte[]> shapes = new ArrayList<>(List.of(java.util.Arrays.copyOf(plain, 55), plain,
                java.util.Arrays.copyOf(plain, 64)));
        for (byte[] shape : shapes) {
            account.sent(ByteBuffer.wrap(plain), 0, plain.length, ++now);
            assertEquals(Verdict.IN_ORDER, receive(shape));
        }
        account.sent(ByteBuffer.wrap(plain), 0, plain.length, ++now);
        assertEquals(Verdict.FOREIGN, receive(java.util.Arrays.copyOf(plain, 70)));
        plain[58] = 1;
        assertEquals(Verdict.FOREIGN, receive(plain));
    }
}
