package dev.npa.plugin.kawela;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.intel.testing.FakeVf.Sent;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Packets through the rings as the 82576 wants them. */
class KawelaRingTest {

    private static final int TDT = 0x3818;
    private static final int RDH = 0x2810;
    private static final int TCP4 = PacketFlags.WHOLE | PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM;

    /** One device for all tries of a property: a ring that goes round for ever. */
    private static final Rig MIXED = KawelaRigs.create().running();

    private Rig rig = KawelaRigs.create().running(9000, Rig.all());
    private final PacketBurst in = new PacketBurst(64);

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] c = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, c, a.length, b.length);
        return c;
    }

    private Sent send(int length, int flags, long offload) {
        int before = rig.device.sent.size();
        rig.machine.segment(rig.burst, 7, TestMachine.bytes(length, 1), flags);
        rig.burst.offload(0, offload);
        rig.transmit();
        rig.finish();
        return rig.device.sent.size() == before ? null : rig.device.sent.get(before);
    }

    @Test
    void transmitWrapsAtEveryOffsetWithEveryFragmentCount() {
        for (int offset = 0; offset < 64; offset++) {
            for (int segments = 1; segments <= 16; segments++) {
                advance(rig, offset);
                rig.device.sent.clear();
                byte[] whole = new byte[0];
                for (int s = 0; s < segments; s++) {
                    byte[] part = TestMachine.bytes(20 + s, s);
                    rig.machine.segment(rig.burst, 100 + s, part,
                            (s == 0 ? PacketFlags.SOP : 0) | (s == segments - 1 ? PacketFlags.EOP : 0));
                    whole = concat(whole, part);
                }
                assertEquals(segments, rig.transmit());
                assertEquals(1, rig.finish(), "offset " + offset + " segments " + segments);
                assertArrayEquals(whole, rig.device.sent.get(0).bytes());
                assertEquals(whole.length, rig.device.sent.get(0).firstQ1() >>> 46, "PAYLEN");
            }
            assertEquals(0, rig.device.contextDescriptors, "a plain packet needs none");
        }
    }

    /** Sends plain packets, of one descriptor each, until the tail is at {@code offset}. */
    private static void advance(Rig r, int offset) {
        while (r.device.registers.get(TDT) != offset) {
            r.machine.packet(r.burst, 1, TestMachine.bytes(60, 1));
            r.transmit();
            assertEquals(1, r.finish());
        }
    }

    @Property(tries = 2000)
    void anyMixOfOffloadsWrapsAtAnyOffset(@ForAll @IntRange(max = 63) int offset,
            @ForAll @IntRange(min = 1, max = 16) int segments, @ForAll boolean checksum, @ForAll boolean tag) {
        Rig r = MIXED;
        PacketBurst one = r.burst;
        advance(r, offset);
        r.device.sent.clear();
        int contexts = r.device.contextDescriptors;
        byte[] whole = new byte[0];
        for (int s = 0; s < segments; s++) {
            byte[] part = TestMachine.bytes(60, s);
            r.machine.segment(one, s, part, (s == 0 ? PacketFlags.SOP | PacketFlags.TX_IPV4
                    | (checksum ? PacketFlags.TX_TCP_CHECKSUM : 0) | (tag ? PacketFlags.TX_VLAN : 0) : 0)
                    | (s == segments - 1 ? PacketFlags.EOP : 0));
            whole = concat(whole, part);
        }
        one.offload(0, PacketBurst.txOffload(14, 20, 20, 0, 0xA00A));
        r.transmit();
        assertEquals(1, r.finish());
        Sent sent = r.device.sent.get(0);
        contexts = r.device.contextDescriptors - contexts;
        assertArrayEquals(whole, sent.bytes());
        assertTrue(contexts <= (checksum || tag ? 1 : 0), "a context only for an offload, if no slot has it");
        assertEquals((offset + segments + contexts) % 64, r.device.registers.get(TDT));
        assertEquals(tag ? 1 : 0, sent.firstQ1() >>> 30 & 1, "VLE");
        assertEquals(checksum ? 2 : 0, sent.firstQ1() >>> 40 & 3, "TXSM");
        if (tag) { // whatever slot holds it
            assertEquals(0xA00A, sent.contextQ0() >>> 16 & 0xFFFF);
        }
    }

    @Test
    void aPlainPacketBetweenOffloadsReplacesNoContext() {
        long tcp = PacketBurst.txOffload(14, 20, 20, 0, 0);
        for (int i = 0; i < 5; i++) {
            assertEquals(0, send(60, PacketFlags.WHOLE, 0).firstQ1() >>> 36 & 0xF, "neither CC nor IDX");
            send(100, TCP4, tcp);
            send(100, PacketFlags.WHOLE | PacketFlags.TX_IPV6 | PacketFlags.TX_UDP_CHECKSUM,
                    PacketBurst.txOffload(14, 40, 8, 0, 0));
        }
        assertEquals(2, rig.device.contextDescriptors, "two kinds with an offload, two slots");
        send(60, PacketFlags.WHOLE, 0);
        send(100, TCP4, PacketBurst.txOffload(14, 24, 20, 0, 0));
        assertEquals(3, rig.device.contextDescriptors);
        send(100, PacketFlags.WHOLE | PacketFlags.TX_IPV6 | PacketFlags.TX_UDP_CHECKSUM,
                PacketBurst.txOffload(14, 40, 8, 0, 0));
        assertEquals(3, rig.device.contextDescriptors, "the slot used last was that of UDP, whatever went between");
    }

    @Test
    void segmentationOfBothVersions() {
        Sent sent = send(9000, PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV4 | PacketFlags.TX_VLAN,
                PacketBurst.txOffload(14, 20, 32, 1448, 0x2005));
        assertEquals(9000 - 66, sent.firstQ1() >>> 46, "PAYLEN is the TCP payload");
        assertEquals(3, sent.firstQ1() >>> 30 & 3, "VLE, TSE");
        assertEquals(0b11, sent.firstQ1() >>> 40 & 0x3F);
        assertEquals(0x2005, sent.contextQ0() >>> 16);
        assertEquals(1448, sent.contextQ1() >>> 48);
        sent = send(9000, PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV6,
                PacketBurst.txOffload(14, 40, 20, 1440, 0));
        assertEquals(0b10, sent.firstQ1() >>> 40 & 0x3F, "no IP checksum in IPv6");
    }

    @Test
    void aRequestWhoseFeatureIsNotEnabledIsRefusedAndEachOneThatIsIsNot() {
        Map<Feature, Integer> requests = Map.of(Feature.TX_IP_CHECKSUM, PacketFlags.TX_IP_CHECKSUM,
                Feature.TX_L4_CHECKSUM, PacketFlags.TX_UDP_CHECKSUM, Feature.VLAN_INSERT, PacketFlags.TX_VLAN,
                Feature.TSO_V4, PacketFlags.TX_TSO | PacketFlags.TX_IPV4,
                Feature.TSO_V6, PacketFlags.TX_TSO | PacketFlags.TX_IPV6);
        requests.forEach((feature, flags) -> {
            for (boolean enabled : new boolean[] {true, false}) {
                Set<Feature> features = EnumSet.copyOf(Rig.all());
                if (!enabled) {
                    features.remove(feature);
                }
                rig = KawelaRigs.create().running(1500, features);
                Sent sent = send(400, PacketFlags.WHOLE | flags, PacketBurst.txOffload(14, 40, 20, 100, 5));
                assertEquals(enabled, sent != null, feature + " enabled " + enabled);
                assertEquals(enabled ? 0 : 1, rig.count(QueueCounter.REFUSED));
                assertEquals(List.of(enabled ? 1 : -1), rig.fates);
            }
        });
    }

    @Test
    void aHeaderLayoutThatTheDeviceCannotDoIsRefused() {
        int udp = PacketFlags.WHOLE | PacketFlags.TX_UDP_CHECKSUM;
        assertEquals(null, send(900, udp | PacketFlags.TX_IPV6 | PacketFlags.TX_IP_CHECKSUM,
                PacketBurst.txOffload(14, 40, 8, 0, 0)), "an IPv6 header has no checksum");
        assertEquals(null, send(900, udp | PacketFlags.TX_IPV6, PacketBurst.txOffload(14, 491, 8, 0, 0)),
                "longer than the limit that is declared");
        assertNotEquals(null, send(900, udp | PacketFlags.TX_IPV6, PacketBurst.txOffload(14, 490, 8, 0, 0)));
        assertEquals(2, rig.count(QueueCounter.REFUSED));
    }

    @Test
    void receiveWrapsAtEveryOffsetWithEveryBufferCount() {
        for (int offset = 0; offset < 64; offset++) {
            for (int length : new int[] {60, 2048, 2049, 6000, 8000, 9018}) {
                while (rig.device.registers.get(RDH) != offset) {
                    assertTrue(rig.device.receive(0, TestMachine.bytes(60, 1), 0, 0));
                    assertEquals(1, rig.rx.receive(in, 10));
                    recycle();
                }
                byte[] frame = TestMachine.bytes(length, offset);
                assertTrue(rig.device.receive(0, frame, 0, 0));
                assertEquals(1, rig.rx.receive(in, 10), "offset " + offset + " length " + length);
                byte[] whole = new byte[0];
                for (int i = 0; i < in.size(); i++) {
                    byte[] part = new byte[in.length(i)];
                    rig.machine.memory.copyTo(in.address(i), part, 0, part.length);
                    whole = concat(whole, part);
                }
                assertArrayEquals(frame, whole);
                recycle();
            }
        }
    }

    private void recycle() {
        for (int i = 0; i < in.size(); i++) {
            rig.machine.recycle(in.handle(i));
        }
        in.clear();
    }

    @Test
    void damagedFramesAreDroppedByTheErrorBitsOfThisChip() {
        for (int bit : new int[] {24, 25, 26, 28, 31}) {
            rig.device.receive(0, TestMachine.bytes(100, 1), 0, 1L << bit);
        }
        rig.device.receive(0, TestMachine.bytes(100, 2), 0, 1L << 29 | 1L << 30);
        assertEquals(1, rig.rx.receive(in, 10), "wrong checksums are no damage");
        assertEquals(5, rig.countRx(QueueCounter.ERRORS));
    }

    @Test
    void theTwoQueuePairsAreIndependent() {
        Rig two = KawelaRigs.create();
        two.plugin.configure(Rig.config(2, 64, 1500, Rig.all()));
        two.plugin.start();
        two.machine.packet(two.burst, 1, TestMachine.bytes(60, 1));
        two.plugin.txQueue(1).transmit(two.burst, 0, 1);
        two.device.transmit(10);
        assertEquals(1, two.device.sent.get(0).queue());
        assertEquals(0, two.plugin.txQueue(0).reclaim(4));
        assertEquals(1, two.plugin.txQueue(1).reclaim(4));
        two.device.receive(1, TestMachine.bytes(60, 1), 0xCAFEF00DL << 32 | 1 << 4 | 1 << 8 | 1, 0);
        assertEquals(0, two.plugin.rxQueue(0).receive(in, 4));
        assertEquals(1, two.plugin.rxQueue(1).receive(in, 4));
        assertEquals(0xCAFEF00D, in.rxHash(0));
        assertTrue((in.flags(0) & PacketFlags.RX_HASH) != 0);
    }
}
