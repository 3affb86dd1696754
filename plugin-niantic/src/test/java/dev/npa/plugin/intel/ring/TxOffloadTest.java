package dev.npa.plugin.intel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.intel.testing.FakeVf.Sent;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Offload requests, contexts, and what is refused. */
class TxOffloadTest {

    private static final int TCP4 = PacketFlags.WHOLE | PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM;

    private final Rig rig = new Rig(new NianticFactory()).running();

    private Sent send(int length, int flags, long offload) {
        int before = rig.device.sent.size();
        rig.machine.segment(rig.burst, 7, TestMachine.bytes(length, 1), flags);
        rig.burst.offload(0, offload);
        rig.transmit();
        rig.finish();
        return rig.device.sent.size() == before ? null : rig.device.sent.get(before);
    }

    private void refused(int length, int flags, long offload) {
        long before = rig.count(QueueCounter.REFUSED);
        Sent sent = send(length, flags, offload);
        assertEquals(null, sent, "length " + length + " flags " + flags);
        assertEquals(before + 1, rig.count(QueueCounter.REFUSED));
        assertEquals(List.of(-1), rig.fates);
        assertEquals(0, rig.tx.outstanding());
    }

    @Test
    void everyPacketHasCcAndAValidMaclen() {
        Sent sent = send(60, PacketFlags.WHOLE, 0);
        assertEquals(1, sent.firstQ1() >>> 39 & 1);
        assertEquals(14, sent.contextQ0() >>> 9 & 0x7F);
        assertEquals(0x2020_0000L, sent.contextQ1());
    }

    @Test
    void aContextIsWrittenOnlyWhenNoSlotHasIt() {
        long tcp = PacketBurst.txOffload(14, 20, 20, 0, 0);
        for (int i = 0; i < 10; i++) {
            send(60, PacketFlags.WHOLE, 0);
            send(100, TCP4, tcp);
        }
        assertEquals(2, rig.device.contextDescriptors, "two kinds of packet, two slots");
        send(100, PacketFlags.WHOLE | PacketFlags.TX_IPV4 | PacketFlags.TX_UDP_CHECKSUM, tcp);
        assertEquals(3, rig.device.contextDescriptors);
        send(100, TCP4, tcp);
        assertEquals(3, rig.device.contextDescriptors, "the slot used last stays");
        send(60, PacketFlags.WHOLE, 0);
        assertEquals(4, rig.device.contextDescriptors);
    }

    @Test
    void tcpHeaderOptionsDoNotChangeTheContextOfAChecksum() {
        send(100, TCP4, PacketBurst.txOffload(14, 20, 20, 0, 0));
        send(100, TCP4, PacketBurst.txOffload(14, 20, 32, 0, 0));
        assertEquals(1, rig.device.contextDescriptors);
    }

    @Test
    void checksumRequestsBecomePopts() {
        Sent sent = send(100, TCP4 | PacketFlags.TX_IP_CHECKSUM, PacketBurst.txOffload(14, 24, 20, 0, 0));
        assertEquals(0b11, sent.firstQ1() >>> 40 & 0x3F);
        assertEquals(24, sent.contextQ0() & 0x1FF);
        assertEquals(0x0C00, sent.contextQ1() & 0x3C00, "IPV4 and L4T TCP");
        sent = send(100, PacketFlags.WHOLE | PacketFlags.TX_IPV6 | PacketFlags.TX_UDP_CHECKSUM,
                PacketBurst.txOffload(14, 40, 8, 0, 0));
        assertEquals(0b10, sent.firstQ1() >>> 40 & 0x3F);
        assertEquals(0, sent.contextQ1() & 0x3C00);
    }

    @Test
    void tagInsertionSetsVleAndTheContextsTag() {
        Sent sent = send(60, PacketFlags.WHOLE | PacketFlags.TX_VLAN, PacketBurst.txOffload(0, 0, 0, 0, 0x2064));
        assertEquals(1, sent.firstQ1() >>> 30 & 1);
        assertEquals(0x2064, sent.contextQ0() >>> 16);
        assertEquals(14, sent.contextQ0() >>> 9 & 0x7F);
    }

    @Test
    void tsoCarriesPayloadLengthMssAndHeaderLengths() {
        Sent sent = send(9000, PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV4,
                PacketBurst.txOffload(14, 20, 32, 1448, 0));
        assertEquals(9000 - 66, sent.firstQ1() >>> 46);
        assertEquals(1, sent.firstQ1() >>> 31 & 1, "TSE");
        assertEquals(0b11, sent.firstQ1() >>> 40 & 0x3F, "IXSM and TXSM");
        assertEquals(1448, sent.contextQ1() >>> 48);
        assertEquals(32, sent.contextQ1() >>> 40 & 0xFF);
        sent = send(9000, PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV6,
                PacketBurst.txOffload(14, 40, 20, 1440, 0));
        assertEquals(0b10, sent.firstQ1() >>> 40 & 0x3F, "no IP checksum in IPv6");
    }

    @Test
    void packetsBeyondTheLimitsAreRefused() {
        long tso = PacketBurst.txOffload(14, 20, 20, 1460, 0);
        int tsoFlags = PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV4;
        refused(16, PacketFlags.WHOLE, 0);
        refused(1519, PacketFlags.WHOLE, 0);
        refused(1515, PacketFlags.WHOLE | PacketFlags.TX_VLAN, PacketBurst.txOffload(14, 0, 0, 0, 5));
        refused(100, TCP4, PacketBurst.txOffload(13, 20, 20, 0, 0));
        refused(100, TCP4, PacketBurst.txOffload(14, 5, 20, 0, 0));
        refused(100, TCP4 | PacketFlags.TX_UDP_CHECKSUM, tso);
        refused(50, TCP4, tso);
        refused(65537, tsoFlags, tso);
        refused(9000, tsoFlags, PacketBurst.txOffload(14, 20, 20, 0, 0));
        refused(9000, tsoFlags, PacketBurst.txOffload(14, 20, 16, 1460, 0));
        refused(9000, tsoFlags, PacketBurst.txOffload(14, 450, 60, 500, 0));
        refused(9000, tsoFlags, PacketBurst.txOffload(14, 20, 20, 1465, 0));
        refused(9000, tsoFlags | PacketFlags.TX_IPV6, tso);
        refused(54, tsoFlags, tso);
        assertEquals(0, rig.device.contextDescriptors, "nothing reached the ring");
    }

    @Test
    void theLimitsThemselvesAreFine() {
        send(17, PacketFlags.WHOLE, 0);
        send(1518, PacketFlags.WHOLE, 0);
        send(1514, PacketFlags.WHOLE | PacketFlags.TX_VLAN, PacketBurst.txOffload(14, 0, 0, 0, 5));
        send(65536, PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV4,
                PacketBurst.txOffload(14, 20, 20, 1464, 0));
        assertEquals(4, rig.device.sent.size());
        assertEquals(0, rig.count(QueueCounter.REFUSED));
    }

    @Test
    void refusedPacketsAreCompletedInTheirTurn() {
        rig.machine.packet(rig.burst, 1, TestMachine.bytes(60, 1));
        rig.machine.packet(rig.burst, 2, TestMachine.bytes(2000, 2));
        rig.machine.packet(rig.burst, 3, TestMachine.bytes(60, 3));
        assertEquals(3, rig.transmit());
        assertEquals(0, rig.tx.reclaim(10), "the refused one waits for the one before it");
        assertEquals(3, rig.finish());
        assertEquals(2, rig.device.sent.size());
        assertEquals(List.of(1, -1, 1), rig.fates);
        assertEquals(2, rig.count(QueueCounter.PACKETS));
    }

    @Test
    void tooManySegmentsAreRefusedAsOnePacket() {
        for (int s = 0; s < 200; s++) {
            rig.machine.segment(rig.burst, s, TestMachine.bytes(20, s),
                    (s == 0 ? PacketFlags.SOP : 0) | (s == 199 ? PacketFlags.EOP : 0));
        }
        assertEquals(200, rig.transmit(), "also when they are more than the ring has descriptors");
        assertEquals(1, rig.finish());
        assertEquals(List.of(-1), rig.fates);
        rig.machine.packet(rig.burst, 9, TestMachine.bytes(60, 1));
        rig.transmit();
        assertEquals(1, rig.finish());
    }

    @Test
    void malformedPacketsAreRefusedAndDoNotBlock() {
        rig.machine.segment(rig.burst, 1, TestMachine.bytes(60, 1), PacketFlags.EOP);
        rig.machine.segment(rig.burst, 2, TestMachine.bytes(60, 1), PacketFlags.SOP);
        rig.machine.segment(rig.burst, 3, TestMachine.bytes(60, 1), PacketFlags.WHOLE);
        rig.machine.segment(rig.burst, 4, TestMachine.bytes(60, 1), PacketFlags.SOP);
        rig.burst.add(0, 5, 0, PacketFlags.EOP);
        rig.machine.segment(rig.burst, 6, TestMachine.bytes(60, 1), PacketFlags.SOP);
        assertEquals(6, rig.transmit());
        assertEquals(4, rig.finish(), "without SOP; SOP inside; empty segment; end missing");
        assertEquals(4, rig.count(QueueCounter.REFUSED));
        assertEquals(List.of(-4), rig.fates);
        assertEquals(0, rig.device.sent.size());
    }

    @Test
    void requestsOfFeaturesThatAreNotEnabledAreRefused() {
        Set<Feature> none = EnumSet.noneOf(Feature.class);
        Rig plain = new Rig(new NianticFactory()).running(1500, none);
        int[] requests = {PacketFlags.TX_IP_CHECKSUM, PacketFlags.TX_TCP_CHECKSUM, PacketFlags.TX_UDP_CHECKSUM,
            PacketFlags.TX_TSO, PacketFlags.TX_VLAN};
        for (int request : requests) {
            plain.machine.segment(plain.burst, 1, TestMachine.bytes(100, 1),
                    PacketFlags.WHOLE | PacketFlags.TX_IPV4 | request);
            plain.burst.offload(plain.burst.size() - 1, PacketBurst.txOffload(14, 20, 20, 100, 1));
        }
        plain.machine.segment(plain.burst, 1, TestMachine.bytes(50, 1), PacketFlags.SOP);
        plain.machine.segment(plain.burst, 1, TestMachine.bytes(50, 1), PacketFlags.EOP);
        plain.transmit();
        plain.finish();
        assertEquals(6, plain.count(QueueCounter.REFUSED));
        assertEquals(0, plain.device.sent.size());
    }

    @Test
    void headersInMoreThanFourBuffersAreRefused() {
        for (int s = 0; s < 6; s++) {
            rig.machine.segment(rig.burst, s, TestMachine.bytes(s < 5 ? 10 : 3000, s),
                    (s == 0 ? PacketFlags.SOP | PacketFlags.TX_TSO | PacketFlags.TX_IPV4 : 0)
                            | (s == 5 ? PacketFlags.EOP : 0));
        }
        rig.burst.offload(0, PacketBurst.txOffload(14, 20, 20, 1460, 0));
        rig.transmit();
        assertEquals(1, rig.count(QueueCounter.REFUSED));
    }
}
