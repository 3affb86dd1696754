package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TxRequestTest {

    private static final Set<Feature> ALL = EnumSet.allOf(Feature.class);
    private static final PluginCapabilities CAN =
            new PluginCapabilities(ALL, 1, 1, 32, 4096, 32, 6, 40_000, 120, 14, 9000, 4);
    private static final int TSO_V4 = PacketFlags.TX_TSO | PacketFlags.TX_IPV4;

    private final TxRequest request = request(ALL);

    private static TxRequest request(Set<Feature> features) {
        return new TxRequest(new PluginConfig(1, 1, 64, 64, 1500, 0, features), CAN);
    }

    private static Set<Feature> without(Feature... features) {
        Set<Feature> some = EnumSet.copyOf(ALL);
        some.removeAll(Set.of(features));
        return some;
    }

    /** A packet of these segments with requests on the first. */
    private static PacketBurst packet(int flags, long offload, int... lengths) {
        PacketBurst burst = new PacketBurst(lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            burst.add(4096L * i, i, lengths[i], (i == 0 ? flags | PacketFlags.SOP : 0)
                    | (i == lengths.length - 1 ? PacketFlags.EOP : 0));
        }
        burst.offload(0, offload);
        return burst;
    }

    private boolean accepts(int flags, long offload, int... lengths) {
        return reads(request, flags, offload, lengths);
    }

    private static boolean reads(TxRequest reader, int flags, long offload, int... lengths) {
        boolean good = reader.read(packet(flags, offload, lengths), 0, lengths.length);
        assertEquals(lengths.length - 1, reader.last(), "also of a packet that is refused");
        return good;
    }

    private static long tcp4(int mss) {
        return PacketBurst.txOffload(14, 20, 20, mss, 0);
    }

    @Property
    void segmentsAreCountedAndAddedUp(@ForAll @IntRange(min = 1, max = 6) int segments,
            @ForAll @IntRange(min = 1, max = 300) int length, @ForAll @IntRange(max = 5) int before) {
        PacketBurst burst = new PacketBurst(20);
        for (int i = 0; i < before; i++) {
            burst.add(0, 0, 60, PacketFlags.WHOLE);
        }
        for (int i = 0; i < segments; i++) {
            burst.add(0, 0, length + i, (i == 0 ? PacketFlags.SOP : 0) | (i == segments - 1 ? PacketFlags.EOP : 0));
        }
        burst.add(0, 0, 60, PacketFlags.WHOLE);
        int total = segments * length + segments * (segments - 1) / 2;
        assertEquals(total >= 14 && total <= 1518, request.read(burst, before, burst.size()));
        assertEquals(before + segments - 1, request.last());
        assertEquals(total, request.total());
    }

    @Test
    void sizesFromTheShortestToTheLongestFrameAreTaken() {
        assertFalse(accepts(0, 0, 13));
        assertTrue(accepts(0, 0, 14));
        assertTrue(accepts(0, 0, 1000, 518));
        assertFalse(accepts(0, 0, 1000, 519));
        assertFalse(accepts(0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 62), "60 if the sum overflowed");
    }

    @Test
    void aTagCountsForTheLengthOfTheFrame() {
        long offload = PacketBurst.txOffload(0, 0, 0, 0, 0xA064);
        assertTrue(accepts(PacketFlags.TX_VLAN, offload, 1514));
        assertEquals(0xA064, request.vlan());
        assertFalse(accepts(PacketFlags.TX_VLAN, offload, 1515));
        assertTrue(accepts(0, offload, 1515));
        assertEquals(0, request.vlan(), "without the request there is no tag, whatever the word says");
    }

    @Test
    void segmentsAreBoundedByTheDeviceAndByScatterGather() {
        assertTrue(accepts(0, 0, 20, 20, 20, 20, 20, 20));
        assertFalse(accepts(0, 0, 20, 20, 20, 20, 20, 20, 20));
        TxRequest whole = request(without(Feature.SCATTER_GATHER));
        assertTrue(reads(whole, 0, 0, 60));
        assertFalse(reads(whole, 0, 0, 30, 30));
    }

    @Test
    void emptyAndNegativeSegmentsAreRefused() {
        assertFalse(accepts(0, 0, 60, 0, 60));
        assertFalse(accepts(0, 0, 100, -20));
    }

    @Test
    void packetsWithoutStartOrEndAreRefusedUpToWhereTheyEnd() {
        PacketBurst burst = packet(0, 0, 60, 60, 60);
        assertFalse(request.read(burst, 0, 2), "the end is missing");
        assertEquals(1, request.last());
        assertFalse(request.read(burst, 1, 3), "the start is missing");
        assertEquals(2, request.last());
        burst.flags(1, PacketFlags.SOP);
        assertFalse(request.read(burst, 0, 3), "a start in the middle");
        assertEquals(2, request.last());
    }

    @Test
    void requestsOfFeaturesThatAreOffAreRefused() {
        int tcp = PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM;
        int udp = PacketFlags.TX_IPV4 | PacketFlags.TX_UDP_CHECKSUM;
        int ip = PacketFlags.TX_IPV4 | PacketFlags.TX_IP_CHECKSUM;
        for (int flags : new int[] {tcp, udp, ip, tcp | ip, PacketFlags.TX_VLAN}) {
            assertTrue(accepts(flags, tcp4(0), 100), "flags " + flags);
        }
        assertFalse(reads(request(without(Feature.TX_L4_CHECKSUM)), tcp, tcp4(0), 100));
        assertFalse(reads(request(without(Feature.TX_L4_CHECKSUM)), udp, tcp4(0), 100));
        assertTrue(reads(request(without(Feature.TX_L4_CHECKSUM)), ip, tcp4(0), 100));
        assertFalse(reads(request(without(Feature.TX_IP_CHECKSUM)), ip, tcp4(0), 100));
        assertFalse(reads(request(without(Feature.VLAN_INSERT)), PacketFlags.TX_VLAN, 0, 100));
    }

    @Test
    void checksumsNeedTheHeadersThatTheySpeakOf() {
        int tcp = PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM;
        assertTrue(accepts(tcp, tcp4(0), 54));
        assertFalse(accepts(tcp, tcp4(0), 53), "the TCP header is not all there");
        assertTrue(accepts(PacketFlags.TX_IPV4 | PacketFlags.TX_UDP_CHECKSUM, tcp4(0), 42));
        assertFalse(accepts(tcp, PacketBurst.txOffload(13, 20, 20, 0, 0), 100));
        assertFalse(accepts(tcp, PacketBurst.txOffload(14, 19, 20, 0, 0), 100));
        assertFalse(accepts(PacketFlags.TX_IPV6 | PacketFlags.TX_TCP_CHECKSUM, tcp4(0), 100), "40 bytes of IPv6");
        assertTrue(accepts(PacketFlags.TX_IPV6 | PacketFlags.TX_TCP_CHECKSUM, PacketBurst.txOffload(14, 40, 20, 0, 0),
                100));
        assertFalse(accepts(tcp | PacketFlags.TX_UDP_CHECKSUM, tcp4(0), 100), "one of both");
        assertFalse(accepts(PacketFlags.TX_IPV6 | PacketFlags.TX_IP_CHECKSUM, PacketBurst.txOffload(14, 40, 0, 0, 0),
                100), "IPv6 has no header checksum");
        assertTrue(accepts(tcp, PacketBurst.txOffload(40, 60, 20, 0, 0), 200), "120 bytes of headers");
        assertFalse(accepts(tcp, PacketBurst.txOffload(41, 60, 20, 0, 0), 200), "more than the device can do");
    }

    @Test
    void tsoIsTakenUpToTheLimitsOfDeviceAndSegments() {
        assertTrue(accepts(TSO_V4, tcp4(1464), 54, 20_000, 19_946));
        assertEquals(54, request.header());
        assertEquals(1464, request.mss());
        assertFalse(accepts(TSO_V4, tcp4(1465), 54, 20_000), "segments longer than a frame");
        assertFalse(accepts(TSO_V4 | PacketFlags.TX_VLAN, tcp4(1464), 54, 20_000), "and longer by the tag");
        assertTrue(accepts(TSO_V4 | PacketFlags.TX_VLAN, tcp4(1460), 54, 20_000));
        assertFalse(accepts(TSO_V4, tcp4(1460), 54, 20_000, 19_947), "more than the device can do");
        assertFalse(accepts(TSO_V4, tcp4(0), 54, 2000));
        assertFalse(accepts(TSO_V4, tcp4(1460), 54), "nothing to cut");
        assertTrue(accepts(TSO_V4, tcp4(1460), 55), "one byte to cut");
    }

    @Test
    void tsoNeedsOneIpVersionThatIsEnabledAndATcpHeader() {
        long tcp6 = PacketBurst.txOffload(14, 40, 20, 1000, 0);
        int v6 = PacketFlags.TX_TSO | PacketFlags.TX_IPV6;
        assertTrue(accepts(v6, tcp6, 5000));
        assertFalse(accepts(PacketFlags.TX_TSO, tcp4(1000), 5000), "no version");
        assertFalse(accepts(TSO_V4 | PacketFlags.TX_IPV6, tcp6, 5000), "two versions");
        assertFalse(accepts(TSO_V4 | PacketFlags.TX_UDP_CHECKSUM, tcp4(1000), 5000));
        assertFalse(reads(request(without(Feature.TSO_V4)), TSO_V4, tcp4(1000), 5000));
        assertTrue(reads(request(without(Feature.TSO_V4)), v6, tcp6, 5000));
        assertFalse(reads(request(without(Feature.TSO_V6)), v6, tcp6, 5000));
        assertFalse(accepts(TSO_V4, PacketBurst.txOffload(14, 20, 19, 1000, 0), 5000));
        assertTrue(accepts(TSO_V4, PacketBurst.txOffload(14, 20, 60, 1000, 0), 5000));
        assertFalse(accepts(TSO_V4, PacketBurst.txOffload(14, 20, 61, 1000, 0), 5000));
    }

    @Test
    void tsoImpliesTheIpChecksumWhateverTheFeaturesSay() {
        TxRequest noIp = request(without(Feature.TX_IP_CHECKSUM));
        assertTrue(reads(noIp, TSO_V4 | PacketFlags.TX_IP_CHECKSUM, tcp4(1000), 5000));
        assertFalse(noIp.has(PacketFlags.TX_IP_CHECKSUM));
    }

    /** What is plain needs no look; everything that is plain would have been accepted. */
    @Property
    void plainPacketsAreThoseWithoutRequests(@ForAll @IntRange(max = 2000) int length,
            @ForAll @IntRange(max = 0x7FF) int flags) {
        boolean plain = request.isPlain(flags, length);
        assertEquals((flags & 0x7C3) == PacketFlags.WHOLE && length >= 14 && length <= 1518, plain);
        if (plain) {
            PacketBurst burst = new PacketBurst(1);
            burst.add(0, 0, length, flags);
            assertTrue(request.read(burst, 0, 1));
            assertEquals(0, request.flags() & TxRequest.REQUESTS);
        }
    }
}
