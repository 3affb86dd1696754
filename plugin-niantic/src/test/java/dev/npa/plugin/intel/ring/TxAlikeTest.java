package dev.npa.plugin.intel.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.intel.testing.FakeVf.Sent;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets that ask for what the one before asked for, which are written without being planned, and those that do not. */
class TxAlikeTest {

    private static final long IDX = 7L << 36;
    private static final int TCP4 = PacketFlags.TX_IPV4 | PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM;
    private static final int UDP6 = PacketFlags.TX_IPV6 | PacketFlags.TX_UDP_CHECKSUM;
    private static final long TCP4_WORD = PacketBurst.txOffload(14, 20, 20, 0, 0);
    private static final long UDP6_WORD = PacketBurst.txOffload(14, 40, 8, 0, 0);
    private static final int[] LENGTHS = {120, 122, 1500};
    private static final int[] FLAGS = {0, 0, TCP4, TCP4, UDP6, PacketFlags.TX_VLAN, PacketFlags.TX_VLAN,
        PacketFlags.TX_TSO | PacketFlags.TX_IPV4, PacketFlags.TX_TSO | PacketFlags.TX_IPV4 | PacketFlags.TX_VLAN};
    private static final long[] WORDS = {0, PacketBurst.txOffload(18, 0, 0, 0, 0), TCP4_WORD,
        PacketBurst.txOffload(14, 24, 20, 0, 0), UDP6_WORD, PacketBurst.txOffload(14, 0, 0, 0, 5),
        PacketBurst.txOffload(14, 0, 0, 0, 6), PacketBurst.txOffload(14, 20, 20, 1400, 0),
        PacketBurst.txOffload(14, 20, 32, 1400, 0x2007)};

    private final Rig rig = new Rig(new NianticFactory()).running();

    private static void add(Rig rig, int kind, int segments, int length) {
        int first = rig.burst.size();
        for (int s = 0; s < segments; s++) {
            rig.machine.segment(rig.burst, first + s, TestMachine.bytes(length / segments, s), (s == 0
                    ? FLAGS[kind] | PacketFlags.SOP : 0) | (s == segments - 1 ? PacketFlags.EOP : 0));
        }
        rig.burst.offload(first, WORDS[kind]);
    }

    private void send(int kind, int length, boolean allowed) {
        int before = rig.device.sent.size();
        add(rig, kind, 1, length);
        rig.transmit();
        assertEquals(1, rig.finish());
        assertEquals(List.of(allowed ? 1 : -1), rig.fates, "kind " + kind + " length " + length);
        assertEquals(before + (allowed ? 1 : 0), rig.device.sent.size());
    }

    @Test
    void sizesAreHeldAgainstTheLimitsOfWhatIsAskedFor() {
        for (int kind : new int[] {2, 0, 2, 7, 0}) {
            int least = kind == 0 ? 17 : kind == 2 ? 54 : 55;
            int most = kind == 7 ? 65536 : 1518;
            send(kind, 100, true);
            send(kind, least, true);
            send(kind, least - 1, false);
            send(kind, most, true);
            send(kind, most + 1, false);
            send(kind, 100, true);
        }
    }

    @Test
    void aRefusedPacketOfANewKindLeavesNothingOfItsPredecessor() {
        send(2, 100, true);
        send(4, 1519, false);
        send(4, 100, true);
        Sent sent = rig.device.sent.get(1);
        assertEquals(40, sent.contextQ0() & 0x1FF);
        assertEquals(0b10, sent.firstQ1() >>> 40 & 0x3F);
        assertEquals(2, rig.device.contextDescriptors);
    }

    @Test
    void aContextThatFoundNoRoomIsWrittenWhenThereIs() {
        for (int i = 0; i < 61; i++) {
            add(rig, 0, 1, 60); // with their context 62 of 63 descriptors
        }
        add(rig, 2, 1, 100);
        add(rig, 2, 1, 100);
        assertEquals(61, rig.transmit());
        assertEquals(61, rig.finish());
        add(rig, 2, 1, 100);
        assertEquals(1, rig.transmit());
        assertEquals(1, rig.finish());
        assertEquals(0x0C00, rig.device.sent.get(61).contextQ1() & 0x3C00, "IPV4 and L4T TCP");
        assertEquals(20, rig.device.sent.get(61).contextQ0() & 0x1FF);
    }

    @Test
    void contextsAreWrittenAnewAfterAStopAlsoForThePacketsAlike() {
        send(2, 100, true);
        rig.plugin.stop();
        rig.plugin.start();
        send(2, 100, true);
        assertEquals(2, rig.device.contextDescriptors);
    }

    /** How a new ring sends a packet of a kind, so many segments and so many bytes. */
    private static Sent sentAlone(List<Integer> packet) {
        Rig fresh = new Rig(new NianticFactory()).running();
        add(fresh, packet.get(0), packet.get(1), packet.get(2));
        fresh.transmit();
        assertEquals(1, fresh.finish());
        return fresh.device.sent.get(0);
    }

    @Test
    void anyMixIsSentAsEachPacketIsAlone() {
        long seed = 4;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<List<Integer>, Sent> alone = new HashMap<>();
        List<Sent> expected = new ArrayList<>();
        int kind = 0;
        for (int round = 0; round < 200; round++) {
            int packets = 1 + random.nextInt(30);
            for (int i = 0; i < packets && rig.burst.size() < 100; i++) {
                kind = random.nextInt(3) == 0 ? random.nextInt(FLAGS.length) : kind;
                int segments = random.nextInt(3) == 0 ? 2 : 1;
                int length = LENGTHS[random.nextInt(LENGTHS.length)];
                add(rig, kind, segments, length);
                expected.add(alone.computeIfAbsent(List.of(kind, segments, length), TxAlikeTest::sentAlone));
            }
            int at = 0;
            while (at < rig.burst.size()) {
                at = rig.tx.transmit(rig.burst, at, rig.burst.size());
                rig.finish();
            }
            rig.burst.clear();
        }
        assertEquals(expected.size(), rig.device.sent.size());
        for (int i = 0; i < expected.size(); i++) {
            Sent wanted = expected.get(i);
            Sent sent = rig.device.sent.get(i);
            assertEquals(wanted.firstQ1() & ~IDX & ~(1L << 27), sent.firstQ1() & ~IDX & ~(1L << 27), "packet " + i);
            assertEquals(wanted.contextQ0(), sent.contextQ0(), "packet " + i);
            assertEquals(wanted.contextQ1() & ~IDX, sent.contextQ1() & ~IDX, "packet " + i);
            assertArrayEquals(wanted.bytes(), sent.bytes(), "packet " + i);
        }
        assertEquals(0, rig.count(QueueCounter.REFUSED));
    }
}
