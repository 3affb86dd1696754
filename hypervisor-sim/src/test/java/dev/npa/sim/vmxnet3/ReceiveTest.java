package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.PacketFlags;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The receive rings; vmxnet3 §9, §10, §12. */
class ReceiveTest {

    private static final int SOP = 1 << 15;
    private static final int EOP = 1 << 14;
    private static final int CNC = 1 << 30;
    private static final int ERR = 1 << 14;

    @Test
    void frameWaitsUntilThereIsAHead() {
        Lab lab = Lab.active();
        byte[] frame = Frames.plain(60);
        lab.port.toGuest(frame);
        lab.run();
        assertNull(lab.rxCompletion());
        assertFalse(lab.device.receiveDrained());
        assertEquals(0, lab.interrupts.size());
        lab.rxBuffer(0, 0, 1, 0x400000, 2048, false);
        lab.run();
        assertArrayEquals(new int[] {SOP | EOP | CNC, 0, 60, 0x83800000}, lab.rxCompletion());
        assertArrayEquals(frame, lab.bytes(0x400000, 60));
        assertTrue(lab.device.receiveDrained());
        assertEquals(0, lab.statistic(false, 8), "waiting is not dropping");
        assertEquals(java.util.List.of(0x41), lab.interrupts);
    }

    @Test
    void generationsWrapAtEveryOffset() {
        Lab lab = Lab.active();
        int gen = 1;
        for (int i = 0; i < 200; i++) {
            lab.rxBuffer(0, i % 32, gen, 0x400000 + 0x1000L * (i % 32), 2048, false);
            gen ^= i % 32 == 31 ? 1 : 0;
            byte[] frame = Frames.plain(60 + i);
            lab.port.toGuest(frame);
            lab.run();
            int[] d = lab.rxCompletion();
            assertNotNull(d, "frame " + i);
            assertEquals(i % 32, d[0] & 0xFFF);
            assertArrayEquals(frame, lab.bytes(0x400000 + 0x1000L * (i % 32), 60 + i));
        }
        assertNull(lab.rxCompletion());
    }

    @Test
    void bodiesThatFollowInRingZeroComeFirst() {
        Lab lab = Lab.active();
        lab.rxBuffer(0, 0, 1, 0x400000, 256, false);
        lab.rxBuffer(0, 1, 1, 0x401000, 512, true);
        lab.rxBuffer(0, 2, 1, 0x402000, 256, false);
        lab.rxBuffer(1, 0, 1, 0x500000, 4096, true);
        byte[] frame = Frames.plain(1400);
        lab.port.toGuest(frame);
        lab.run();
        assertArrayEquals(new int[] {SOP, 0, 256, 0x83000000}, lab.rxCompletion());
        assertArrayEquals(new int[] {1, 0, 512, 0x83000000}, lab.rxCompletion());
        assertArrayEquals(new int[] {1 << 16 | EOP | CNC, 0, 632, 0x83800000}, lab.rxCompletion());
        assertArrayEquals(frame, Frames.join(lab.bytes(0x400000, 256), lab.bytes(0x401000, 512),
                lab.bytes(0x500000, 632)));
    }

    @Test
    void bodiesInFrontOfAHeadAreSkipped() {
        Lab lab = Lab.active();
        lab.rxBuffer(0, 0, 1, 0x400000, 256, false);
        lab.rxBuffer(0, 1, 1, 0x401000, 512, true);
        lab.rxBuffer(0, 2, 1, 0x402000, 256, false);
        lab.port.toGuest(Frames.plain(60));
        lab.port.toGuest(Frames.plain(61));
        lab.run();
        assertEquals(0, lab.rxCompletion()[0] & 0xFFF);
        assertEquals(2, lab.rxCompletion()[0] & 0xFFF);
        assertArrayEquals(Frames.plain(61), lab.bytes(0x402000, 61));
    }

    @Test
    void jumboIsSplitOverHeadAndBodies() {
        Lab lab = new Lab().describe();
        lab.memory.putInt(Lab.SHARED + 0x38, 9000);
        lab.activate();
        byte[] frame = Frames.plain(9014);
        lab.port.toGuest(frame);
        lab.rxBuffer(0, 0, 1, 0x400000, 3072, false);
        lab.rxBuffer(1, 0, 1, 0x500000, 4096, true);
        lab.run();
        assertNull(lab.rxCompletion(), "it waits for the second BODY, and nothing is consumed");
        lab.rxBuffer(1, 1, 1, 0x501000, 4096, true);
        lab.run();
        int[][] d = {lab.rxCompletion(), lab.rxCompletion(), lab.rxCompletion()};
        assertEquals(3072, d[0][2]);
        assertEquals(4096, d[1][2]);
        assertEquals(9014 - 3072 - 4096, d[2][2]);
        assertArrayEquals(frame,
                Frames.join(lab.bytes(0x400000, 3072), lab.bytes(0x500000, 9014 - 3072)));
    }

    @Test
    void secondJumboTakesTheNextBodies() {
        Lab lab = Lab.active();
        for (int i = 0; i < 2; i++) {
            lab.rxBuffer(0, i, 1, 0x400000 + 0x1000L * i, 256, false);
        }
        for (int i = 0; i < 4; i++) {
            lab.rxBuffer(1, i, 1, 0x500000 + 0x1000L * i, 512, true);
        }
        byte[] first = Frames.plain(900);
        byte[] second = Frames.plain(1200);
        lab.port.toGuest(first);
        lab.port.toGuest(second);
        lab.run();
        int[] indices = {0, 0, 1, 1, 2, 3};
        int[] lengths = {256, 512, 132, 256, 512, 432};
        for (int i = 0; i < indices.length; i++) {
            int[] d = lab.rxCompletion();
            assertEquals(indices[i], d[0] & 0xFFF, "completion " + i);
            assertEquals(lengths[i], d[2], "completion " + i);
        }
        assertArrayEquals(second, Frames.join(lab.bytes(0x401000, 256), lab.bytes(0x502000, 512),
                lab.bytes(0x503000, 432)));
    }

    @Test
    void packetThatCanNeverFitIsCutOffAndMarked() {
        Lab lab = new Lab();
        lab.rxSize1 = 0;
        lab.describe().activate();
        lab.rxBuffer(0, 0, 1, 0x400000, 256, false);
        lab.rxBuffer(0, 1, 1, 0x401000, 256, false);
        lab.port.toGuest(Frames.plain(300));
        lab.port.toGuest(Frames.plain(60));
        lab.run();
        assertArrayEquals(new int[] {SOP | EOP | CNC, 0, 256 | ERR, 0x83000000}, lab.rxCompletion());
        assertArrayEquals(new int[] {1 | SOP | EOP | CNC, 0, 60, 0x83800000}, lab.rxCompletion());
        assertEquals(1, lab.statistic(false, 8));
        assertEquals(1, lab.statistic(false, 2));
    }

    @Test
    void noMoreBuffersThanTheDriverAllows() {
        Lab lab = new Lab().describe();
        lab.memory.putShort(Lab.SHARED + 0x3C, (short) 2);
        lab.activate();
        lab.rxBuffer(0, 0, 1, 0x400000, 128, false);
        for (int i = 0; i < 4; i++) {
            lab.rxBuffer(1, i, 1, 0x500000 + 0x1000L * i, 128, true);
        }
        lab.port.toGuest(Frames.plain(300));
        lab.run();
        assertEquals(128, lab.rxCompletion()[2]);
        int[] last = lab.rxCompletion();
        assertEquals(128 | ERR, last[2]);
        assertNull(lab.rxCompletion());
    }

    @Test
    void tagStaysWithoutStripping() {
        Lab lab = Lab.active();
        lab.rxBuffer(0, 0, 1, 0x400000, 2048, false);
        byte[] frame = Frames.tagged(Frames.plain(60), 0xE123);
        lab.port.toGuest(frame);
        lab.run();
        assertEquals(64, lab.rxCompletion()[2]);
        assertArrayEquals(frame, lab.bytes(0x400000, 64));
    }

    @ParameterizedTest
    @CsvSource({
        // v6, tcp, damage (offset from the end, 0 = none), tag, expected d3
        "false, true, 0, false, 0x83AD0000", "false, false, 0, false, 0x83AB0000",
        "true, true, 0, false, 0x83950000", "true, false, 0, false, 0x83930000",
        "false, true, 1, false, 0x83AC0000", "true, false, 1, false, 0x83920000",
        "false, true, 0, true, 0x83AD0000",
    })
    void checksumsAreVerified(boolean v6, boolean tcp, int damage, boolean tag, String d3) {
        Lab lab = new Lab().describe();
        lab.memory.putInt(Lab.SHARED + 0x18, 1 | 4);
        lab.activate();
        lab.rxBuffer(0, 0, 1, 0x400000, 2048, false);
        byte[] frame = Frames.ip(v6, tcp, 101);
        if (damage > 0) {
            frame[frame.length - damage] ^= 1;
        }
        lab.port.toGuest(tag ? Frames.tagged(frame, 9) : Arrays.copyOf(frame, frame.length + 3));
        lab.run();
        int[] d = lab.rxCompletion();
        assertEquals(Long.decode(d3).intValue(), d[3], () -> Integer.toHexString(d[3]));
        assertEquals(SOP | EOP, d[0], "cnc is clear");
    }

    @Test
    void brokenIpHeaderFragmentAndOtherFramesAreTold() {
        Lab lab = new Lab().describe();
        lab.memory.putInt(Lab.SHARED + 0x18, 1);
        lab.activate();
        for (int i = 0; i < 4; i++) {
            lab.rxBuffer(0, i, 1, 0x400000 + 0x1000L * i, 2048, false);
        }
        byte[] broken = Frames.ip(false, true, 10);
        broken[24] ^= 1;
        byte[] fragment = Frames.ip(false, false, 10);
        fragment[20] = 0x20;
        Frames.word(fragment, 24, 0);
        Frames.word(fragment, 24, ~Frames.sum(fragment, 14, 20, 0));
        byte[] noChecksum = Frames.ip(false, false, 10);
        Frames.word(noChecksum, 40, 0);
        lab.port.toGuest(broken);
        lab.port.toGuest(fragment);
        lab.port.toGuest(noChecksum);
        lab.port.toGuest(Frames.plain(60));
        lab.run();
        assertEquals(0x83A50000, lab.rxCompletion()[3], "TCP good, IP header not");
        assertEquals(0x83E80000, lab.rxCompletion()[3], "fragment");
        assertEquals(0x83AA0000, lab.rxCompletion()[3], "UDP without checksum");
        int[] other = lab.rxCompletion();
        assertEquals(0x83800000, other[3]);
        assertEquals(SOP | EOP | CNC | 3, other[0]);
    }

    @ParameterizedTest
    @CsvSource({"small, 0x80000004", "type, 0x80000003", "head, 0x80000003", "address, 0x80000007",
        "empty, 0x80000007"})
    void malformedBufferStopsTheQueueAndTheFrameIsKept(String what, String reason) {
        Lab lab = new Lab().describe();
        lab.memory.putInt(Lab.SHARED + 0x18, 4);
        lab.activate();
        boolean small = what.equals("small");
        lab.rxBuffer(0, 0, 1, what.equals("address") ? 0x7FFFFFFF000L : 0x400000, small ? 127 : 128, false);
        if (what.equals("type")) {
            lab.memory.putInt(Lab.RX_RING0 + 8, 128 | 1 << 15 | 1 << 31);
        }
        lab.rxBuffer(1, 0, 1, 0x500000, what.equals("empty") ? 0 : 4096, !what.equals("head"));
        byte[] frame = Frames.plain(200);
        lab.port.toGuest(Frames.tagged(frame, 0x0042));
        lab.run();
        lab.run();
        assertEquals(1, lab.memory.getInt(Lab.SHARED + 0x2B8), "RQERR");
        lab.command(0xF00D0000);
        assertEquals(1, lab.memory.getByte(Lab.QUEUES + 256 + 0x50));
        assertEquals(Long.decode(reason).intValue(), lab.memory.getInt(Lab.QUEUES + 256 + 0x54));
        assertNull(lab.rxCompletion());
        assertFalse(lab.device.receiveDrained());

        lab.memory.fill(Lab.RX_RING0, 512, (byte) 0);
        lab.backend.calls.clear();
        lab.withPluginArea().command(0xCAFE0001);
        lab.activate();
        lab.rxBuffer(0, 0, 1, 0x400000, 2048, false);
        lab.run();
        int[] d = lab.rxCompletion();
        assertEquals(200 | 1 << 15 | 0x0042 << 16, d[2]);
        assertArrayEquals(frame, lab.bytes(0x400000, 200), "whole, although its tag was taken off once before");
    }

    @Test
    void framesForADeviceWithoutDriverAreDiscarded() {
        Lab lab = Lab.active();
        lab.command(0xCAFE0001);
        assertEquals(dev.npa.sim.net.PortFilter.CLOSED, lab.port.lastFilter());
        lab.port.toGuest(Frames.plain(60));
        lab.run();
        assertTrue(lab.device.receiveDrained());
        assertEquals(1, lab.device.discardedFrames());
    }

    @Test
    void statisticsCountByDestination() {
        Lab lab = Lab.active();
        for (int i = 0; i < 3; i++) {
            lab.rxBuffer(0, i, 1, 0x400000 + 0x1000L * i, 2048, false);
        }
        byte[] broadcast = Frames.plain(70);
        Arrays.fill(broadcast, 0, 6, (byte) 0xFF);
        byte[] multicast = Frames.plain(80);
        multicast[0] = 1;
        lab.port.toGuest(Frames.plain(60));
        lab.port.toGuest(broadcast);
        lab.port.toGuest(multicast);
        lab.run();
        long[] expected = {0, 0, 1, 60, 1, 80, 1, 70, 0, 0};
        for (int i = 0; i < 10; i++) {
            assertEquals(expected[i], lab.statistic(false, i), "counter " + i);
        }
    }

    @Test
    void whatTheNicFoundOutIsBelieved() {
        Lab lab = new Lab().describe();
        lab.memory.putInt(Lab.SHARED + 0x18, 1); // UPT1_F_RXCSUM
        lab.activate();
        for (int i = 0; i < 3; i++) {
            lab.rxBuffer(0, i, 1, 0x400000 + 0x1000L * i, 2048, false);
        }
        byte[] damaged = Frames.ip(false, true, 100);
        damaged[60] ^= 1;
        lab.port.toGuest(damaged, PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_GOOD);
        lab.port.toGuest(Frames.ip(false, true, 100), PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_BAD);
        lab.port.toGuest(damaged, PacketFlags.RX_IP_GOOD);
        lab.run();
        int tuc = 1 << 16;
        int ipc = 1 << 19;
        assertEquals(tuc | ipc, lab.rxCompletion()[3] & (tuc | ipc));
        assertEquals(0, lab.rxCompletion()[3] & (tuc | ipc));
        assertEquals(ipc, lab.rxCompletion()[3] & (tuc | ipc), "what it does not know is verified");
    }
}
