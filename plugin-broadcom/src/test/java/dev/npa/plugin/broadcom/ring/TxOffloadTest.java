package dev.npa.plugin.broadcom.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.broadcom.testing.Fake57712.Sent;
import dev.npa.plugin.broadcom.testing.Rig;
import dev.npa.plugin.broadcom.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests, as they arrive in the descriptors. */
class TxOffloadTest {

    private static final int V4 = PacketFlags.TX_IPV4;
    private static final int V6 = PacketFlags.TX_IPV6;
    private static final int TCP = PacketFlags.TX_TCP_CHECKSUM;
    private static final int UDP = PacketFlags.TX_UDP_CHECKSUM;
    private static final int TSO = PacketFlags.TX_TSO;

    private final Rig rig = new Rig().running();

    private Sent send(byte[] frame, int flags, long offload) {
        rig.machine.segment(rig.burst, 1, frame, PacketFlags.WHOLE | flags);
        rig.burst.offload(0, offload);
        rig.transmit();
        rig.finish();
        return rig.device.sent.get(rig.device.sent.size() - 1);
    }

    private static int flags(Sent sent) {
        return (int) (sent.startQ1() >>> 48) & 0xFF;
    }

    private static int tag(Sent sent) {
        return (int) (sent.startQ1() >>> 32) & 0xFFFF;
    }

    private static int parsing(Sent sent) {
        return (int) (sent.parse1() >>> 32);
    }

    @Test
    void addressesAndEtherTypeOfEveryFrameAreInTheDescriptors() {
        Sent plain = send(Rig.frame(60, 1), 0, 0);
        assertEquals(0x0800, tag(plain));
        assertEquals(0x10, flags(plain));
        assertEquals(0xDDEE_0211_2233_4455L, plain.parse0());
        assertEquals(0x4000_0000_02AA_BBCCL, plain.parse1());
        byte[] multicast = Rig.frame(60, 1);
        multicast[0] = 0x33;
        assertEquals(2, parsing(send(multicast, 0, 0)) >>> 30);
        byte[] broadcast = Rig.frame(60, 1);
        java.util.Arrays.fill(broadcast, 0, 6, (byte) 0xFF);
        assertEquals(3, parsing(send(broadcast, 0, 0)) >>> 30);
    }

    @Test
    void aTagIsInsertedOrRepeated() {
        Sent inserted = send(Rig.frame(60, 1), PacketFlags.TX_VLAN, PacketBurst.txOffload(0, 0, 0, 0, 3 << 13 | 100));
        assertEquals(0x14, flags(inserted));
        assertEquals(3 << 13 | 100, tag(inserted));
        byte[] tagged = Rig.frame(64, 1);
        System.arraycopy(new byte[] {(byte) 0x81, 0, 0x60, 0x64, 8, 0}, 0, tagged, 12, 6);
        Sent inBand = send(tagged, 0, 0);
        assertEquals(0x18, flags(inBand));
        assertEquals(0x6064, tag(inBand));
        Sent both = send(tagged, PacketFlags.TX_VLAN, PacketBurst.txOffload(0, 0, 0, 0, 7));
        assertEquals(0x14, flags(both), "the outer tag is the device's work");
        assertEquals(7, tag(both));
    }

    @Test
    void checksumsOfTheTableInTheSheet() {
        Sent tcp = send(Rig.frame(60, 1), V4 | TCP, PacketBurst.txOffload(14, 20, 20, 0, 0));
        assertEquals(0x12, flags(tcp));
        assertEquals(0x4000_2811, parsing(tcp));
        Sent udp = send(Rig.frame(60, 1), V4 | UDP, PacketBurst.txOffload(14, 20, 8, 0, 0));
        assertEquals(0x32, flags(udp));
        assertEquals(0x4000_0011, parsing(udp));
        Sent udp6 = send(Rig.frame(70, 1), V6 | UDP, PacketBurst.txOffload(14, 40, 8, 0, 0));
        assertEquals(0xB2, flags(udp6));
        Sent ip = send(Rig.frame(60, 1), V4 | PacketFlags.TX_IP_CHECKSUM, PacketBurst.txOffload(14, 20, 0, 0, 0));
        assertEquals(0x11, flags(ip));
        Sent options = send(Rig.frame(90, 1), V4 | TCP, PacketBurst.txOffload(14, 24, 32, 0, 0));
        assertEquals(1 << 30 | 8 << 11 | 19, parsing(options));
    }

    @Test
    void tsoSplitsTheFirstSegmentBehindTheHeaders() {
        rig.machine.segment(rig.burst, 1, Rig.frame(200, 1), PacketFlags.SOP | V4 | TSO);
        rig.burst.offload(0, PacketBurst.txOffload(14, 20, 20, 1460, 0));
        rig.machine.segment(rig.burst, 2, TestMachine.bytes(4000, 2), PacketFlags.EOP);
        rig.transmit();
        assertEquals(1, rig.finish());
        Sent sent = rig.device.sent.get(0);
        assertEquals(0x0152_0800_0036_0004L, sent.startQ1());
        assertEquals(0x45B4_2811, parsing(sent));
        assertEquals(146L << 16, sent.dataQ1().get(0), "the split descriptor tells no total");
        assertEquals(4000L << 16 | 4200, sent.dataQ1().get(1));
        assertArrayEquals(concat(Rig.frame(200, 1), TestMachine.bytes(4000, 2)), sent.bytes());
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] c = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, c, a.length, b.length);
        return c;
    }

    @Test
    void tsoWhoseFirstSegmentIsTheHeadersNeedsNoSplit() {
        rig.machine.segment(rig.burst, 1, Rig.frame(74, 1), PacketFlags.SOP | V6 | TSO);
        rig.burst.offload(0, PacketBurst.txOffload(14, 40, 20, 1440, 0));
        rig.machine.segment(rig.burst, 2, TestMachine.bytes(3000, 2), PacketFlags.EOP);
        rig.transmit();
        assertEquals(1, rig.finish());
        Sent sent = rig.device.sent.get(0);
        assertEquals(3, sent.startQ1() & 0xFFFF);
        assertEquals(0xD2, flags(sent));
        assertEquals(1 << 30 | 1440 << 16 | 5 << 11 | 27, parsing(sent));
    }

    @Test
    void tsoOfTheMostSegmentsFetchesAtMostThirteenDescriptors() {
        rig.machine.segment(rig.burst, 1, Rig.frame(2048, 1), PacketFlags.SOP | V4 | TSO);
        rig.burst.offload(0, PacketBurst.txOffload(14, 20, 20, 1460, 0));
        for (int i = 2; i <= 10; i++) {
            rig.machine.segment(rig.burst, i, TestMachine.bytes(2048, i), i == 10 ? PacketFlags.EOP : 0);
        }
        rig.transmit();
        assertEquals(1, rig.finish());
        assertEquals(12, rig.device.sent.get(0).startQ1() & 0xFFFF);
    }

    private void refused(byte[] frame, int flags, long offload) {
        long before = rig.count(QueueCounter.REFUSED);
        rig.machine.segment(rig.burst, 1, frame, PacketFlags.WHOLE | flags);
        rig.burst.offload(0, offload);
        rig.transmit();
        assertEquals(before + 1, rig.count(QueueCounter.REFUSED));
        assertEquals(1, rig.finish());
        assertEquals(List.of(-1), rig.fates);
    }

    @Test
    void whatTheDeviceCannotDoIsRefused() {
        refused(Rig.frame(13, 1), 0, 0);
        refused(Rig.frame(1519, 1), 0, 0);
        refused(Rig.frame(1517, 1), PacketFlags.TX_VLAN, 0);
        byte[] tagged = Rig.frame(17, 1);
        System.arraycopy(new byte[] {(byte) 0x81, 0}, 0, tagged, 12, 2);
        refused(tagged, 0, 0);
        refused(Rig.frame(60, 1), V4 | TCP | UDP, PacketBurst.txOffload(14, 20, 20, 0, 0));
        refused(Rig.frame(60, 1), V4 | TCP, PacketBurst.txOffload(14, 21, 20, 0, 0));
        refused(Rig.frame(90, 1), V6 | PacketFlags.TX_IP_CHECKSUM, PacketBurst.txOffload(14, 40, 0, 0, 0));
        refused(Rig.frame(60, 1), V4 | UDP, PacketBurst.txOffload(14, 48, 8, 0, 0));
        long tso = PacketBurst.txOffload(14, 20, 20, 1446, 0);
        refused(Rig.frame(54, 1), V4 | TSO, tso);
        refused(Rig.frame(2000, 1), TSO, tso);
        refused(Rig.frame(2000, 1), V4 | V6 | TSO, tso);
        refused(Rig.frame(2000, 1), V4 | TSO, PacketBurst.txOffload(14, 20, 20, 0, 0));
        refused(Rig.frame(2000, 1), V4 | TSO, PacketBurst.txOffload(14, 20, 20, 1465, 0));
        refused(Rig.frame(2000, 1), V4 | TSO, PacketBurst.txOffload(14, 20, 22, 1400, 0));
        refused(Rig.frame(2000, 1), V6 | TSO, PacketBurst.txOffload(14, 260, 20, 1000, 0));
        rig.machine.segment(rig.burst, 1, Rig.frame(40, 1), PacketFlags.SOP | V4 | TSO);
        rig.burst.offload(0, tso);
        rig.machine.segment(rig.burst, 2, TestMachine.bytes(2000, 2), PacketFlags.EOP);
        rig.transmit();
        assertEquals(1, rig.finish());
        assertEquals(0, rig.device.sent.size(), "headers beyond the first segment");
    }

    @Test
    void aPacketOutsideThePacketsMemoryIsRefused() {
        rig.burst.add(0x10_0000, 5, 60, PacketFlags.WHOLE);
        rig.transmit();
        assertEquals(1, rig.count(QueueCounter.REFUSED));
        assertEquals(1, rig.finish());
    }

    @Test
    void jumboSegmentsStayBelowTheFirmwaresLimit() {
        Rig jumbo = new Rig().running(128, 9600, Rig.all());
        jumbo.machine.segment(jumbo.burst, 1, Rig.frame(4000, 1), PacketFlags.SOP | V4 | TSO);
        jumbo.burst.offload(0, PacketBurst.txOffload(14, 20, 60, 9520, 0));
        jumbo.machine.segment(jumbo.burst, 2, TestMachine.bytes(4096, 1), 0);
        jumbo.machine.segment(jumbo.burst, 3, TestMachine.bytes(4096, 1), PacketFlags.EOP);
        jumbo.transmit();
        assertEquals(0, jumbo.count(QueueCounter.REFUSED));
        assertEquals(1, jumbo.finish());
    }

    @Test
    void requestsOfFeaturesThatAreOffAreRefused() {
        for (Object[] c : new Object[][] {
            {Set.of(Feature.TX_IP_CHECKSUM), V4 | PacketFlags.TX_IP_CHECKSUM},
            {Set.of(Feature.TX_L4_CHECKSUM), V4 | TCP}, {Set.of(Feature.VLAN_INSERT), PacketFlags.TX_VLAN},
            {Set.of(Feature.TSO_V4), V4 | TSO}, {Set.of(Feature.TSO_V6), V6 | TSO},
            {Set.of(Feature.TSO_V4, Feature.TSO_V6), V4 | TSO}}) {
            EnumSet<Feature> features = EnumSet.allOf(Feature.class);
            features.removeAll((Set<?>) c[0]);
            Rig off = new Rig().running(128, 1500, features);
            off.machine.segment(off.burst, 1, Rig.frame(2000, 1), PacketFlags.WHOLE | (int) c[1]);
            off.burst.offload(0, PacketBurst.txOffload(14, 40, 20, 1000, 5));
            off.transmit();
            assertEquals(1, off.count(QueueCounter.REFUSED), c[0].toString());
        }
    }
}
