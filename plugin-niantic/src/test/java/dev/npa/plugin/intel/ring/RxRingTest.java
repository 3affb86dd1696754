package dev.npa.plugin.intel.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Receive: assembly, refill, drops, metadata. */
class RxRingTest {

    private static final int RDT = 0x1018;
    private static final long TCP4 = 1 << 4 | 1 << 8;

    private Rig rig = new Rig(new NianticFactory()).running(9000, Rig.all());
    private final PacketBurst in = new PacketBurst(128);

    private byte[] bytes(int first) {
        int count = rig0Segments(first);
        byte[] whole = new byte[0];
        for (int i = first; i < first + count; i++) {
            byte[] part = new byte[in.length(i)];
            rig.machine.memory.copyTo(in.address(i), part, 0, part.length);
            whole = TxRingTest.concat(whole, part);
        }
        return whole;
    }

    private int rig0Segments(int first) {
        int i = first;
        while ((in.flags(i) & PacketFlags.EOP) == 0) {
            i++;
        }
        return i - first + 1;
    }

    private void recycle() {
        for (int i = 0; i < in.size(); i++) {
            rig.machine.recycle(in.handle(i));
        }
        in.clear();
    }

    @Test
    void startPostsAllButOneDescriptorWithOneDoorbell() {
        assertEquals(63, rig.device.registers.get(RDT));
        assertEquals(63, rig.device.available(0));
        assertEquals(1, rig.countRx(QueueCounter.DOORBELLS));
        assertEquals(63, rig.machine.taken.size());
    }

    @Test
    void packetsOfAnyLengthWrapAtEveryOffset() {
        for (int offset = 0; offset < 64; offset++) {
            rig = new Rig(new NianticFactory()).running(9000, Rig.all());
            for (int i = 0; i < offset; i++) {
                assertTrue(rig.device.receive(0, TestMachine.bytes(60, i), 0, 0));
                assertEquals(1, rig.rx.receive(in, 10));
                recycle();
            }
            for (int length : new int[] {60, 2048, 2049, 4096, 9018}) {
                byte[] frame = TestMachine.bytes(length, offset);
                assertTrue(rig.device.receive(0, frame, 0, 0));
                assertEquals(1, rig.rx.receive(in, 10), "offset " + offset + " length " + length);
                assertArrayEquals(frame, bytes(0));
                assertEquals(length, in.packetLength(0));
                assertEquals((length + 2047) / 2048, in.size());
                recycle();
            }
            rig.rx.receive(in, 0);
            assertEquals(63, rig.machine.taken.size());
        }
    }

    @Test
    void aPacketWhoseEndIsMissingStaysInTheRing() {
        byte[] frame = TestMachine.bytes(5000, 1);
        rig.device.receive(0, TestMachine.bytes(100, 9), 0, 0);
        rig.device.receivePart(0, frame, 0, 2048, TCP4, 0);
        assertEquals(1, rig.rx.receive(in, 10));
        rig.device.receivePart(0, frame, 2048, 4096, TCP4, 0);
        assertEquals(0, rig.rx.receive(in, 10));
        rig.device.receivePart(0, frame, 4096, 5000, TCP4, 0);
        assertEquals(1, rig.rx.receive(in, 10));
        assertArrayEquals(frame, bytes(1));
        assertEquals(PacketFlags.SOP | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP, in.flags(1));
        assertEquals(0, in.flags(2));
        assertEquals(PacketFlags.EOP, in.flags(3));
    }

    @Test
    void aPacketThatDoesNotFitStaysInTheRing() {
        PacketBurst small = new PacketBurst(3);
        rig.device.receive(0, TestMachine.bytes(100, 1), 0, 0);
        rig.device.receive(0, TestMachine.bytes(5000, 2), 0, 0);
        assertEquals(1, rig.rx.receive(small, 10));
        assertEquals(1, small.size());
        small.clear();
        assertEquals(1, rig.rx.receive(small, 10));
        assertEquals(5000, small.packetLength(0));
    }

    @Test
    void budgetCountsPackets() {
        for (int i = 0; i < 6; i++) {
            rig.device.receive(0, TestMachine.bytes(3000, i), 0, 0);
        }
        assertEquals(4, rig.rx.receive(in, 4));
        assertEquals(8, in.size());
        assertEquals(2, rig.rx.receive(in, 4));
        assertEquals(6, rig.countRx(QueueCounter.PACKETS));
        assertEquals(18000, rig.countRx(QueueCounter.BYTES));
    }

    @Test
    void refillMovesTheTailOnceACall() {
        for (int i = 0; i < 20; i++) {
            rig.device.receive(0, TestMachine.bytes(60, i), 0, 0);
        }
        long before = rig.device.count(RDT);
        rig.rx.receive(in, 32);
        assertEquals(before + 1, rig.device.count(RDT));
        rig.rx.receive(in, 32);
        assertEquals(before + 1, rig.device.count(RDT), "nothing to refill, nothing rung");
        assertEquals(63, rig.device.available(0));
    }

    @Test
    void aFewEmptySlotsWaitForOthersUnlessTheShellAsks() {
        for (int i = 0; i < 7; i++) {
            rig.device.receive(0, TestMachine.bytes(60, i), 0, 0);
            assertEquals(1, rig.rx.receive(in, 32));
        }
        assertEquals(56, rig.device.available(0), "an eighth of the ring is worth a doorbell");
        assertEquals(1, rig.countRx(QueueCounter.DOORBELLS), "that of the start");
        rig.device.receive(0, TestMachine.bytes(60, 8), 0, 0);
        assertEquals(1, rig.rx.receive(in, 32));
        assertEquals(63, rig.device.available(0));
        rig.device.receive(0, TestMachine.bytes(60, 9), 0, 0);
        assertEquals(1, rig.rx.receive(in, 32));
        assertEquals(62, rig.device.available(0));
        assertEquals(0, rig.rx.receive(in, 0));
        assertEquals(63, rig.device.available(0));
        assertEquals(3, rig.countRx(QueueCounter.DOORBELLS));
        assertEquals(0, rig.countRx(QueueCounter.NO_BUFFER), "waiting is no shortage");
    }

    @Test
    void aRefillThatThePoolCutsShortInTheWrapGoesOnWhereItStopped() {
        for (int short1 = 0; short1 <= 20; short1++) {
            rig = new Rig(new NianticFactory()).running(9000, Rig.all());
            rig.machine.leaveBuffers(short1);
            for (int i = 0; i < 60; i++) {
                rig.device.receive(0, TestMachine.bytes(60, i), 0, 0);
            }
            assertEquals(60, rig.rx.receive(in, 100));
            assertEquals(3 + short1, rig.device.available(0), "the ring ends 1 slot after the tail");
            assertEquals(60 - short1, rig.countRx(QueueCounter.NO_BUFFER));
            recycle();
            rig.rx.receive(in, 0);
            assertEquals(63, rig.device.available(0));
            for (int i = 0; i < 63; i++) {
                byte[] frame = TestMachine.bytes(60, 100 + i);
                assertTrue(rig.device.receive(0, frame, 0, 0));
                assertEquals(1, rig.rx.receive(in, 1));
                assertArrayEquals(frame, bytes(0));
                recycle();
            }
        }
    }

    @Test
    void emptySlotsAreFilledAsSoonAsThereAreBuffersAgain() {
        rig.machine.leaveBuffers(0);
        for (int i = 0; i < 63; i++) {
            rig.device.receive(0, TestMachine.bytes(60, i), 0, 0);
        }
        assertEquals(63, rig.rx.receive(in, 100));
        assertEquals(0, rig.device.available(0));
        assertEquals(63, rig.countRx(QueueCounter.NO_BUFFER), "each empty slot counts once");
        rig.rx.receive(in, 0);
        assertEquals(63, rig.countRx(QueueCounter.NO_BUFFER));
        recycle();
        assertEquals(0, rig.rx.receive(in, 0), "budget 0 receives nothing");
        assertEquals(63, rig.device.available(0), "but refills");
    }

    @Test
    void damagedFramesAreDroppedAndTheirBuffersUsedAgain() {
        rig.machine.leaveBuffers(0);
        long[] errors = {1L << 24, 1L << 25, 1L << 27, 1L << 28, 1L << 29};
        for (long error : errors) {
            rig.device.receive(0, TestMachine.bytes(100, 1), 0, error);
            rig.device.receive(0, TestMachine.bytes(5000, 1), 0, error);
        }
        rig.device.receive(0, TestMachine.bytes(100, 2), 0, 1L << 30 | 1L << 31);
        assertEquals(1, rig.rx.receive(in, 1), "a drop does not use up the budget");
        assertEquals(10, rig.countRx(QueueCounter.ERRORS));
        assertEquals(1, in.size());
        assertEquals(62, rig.device.available(0), "all but the good one's slot are posted again");
        assertEquals(63, rig.machine.taken.size());
    }

    @Test
    void aDescriptorWithoutLengthOrBeyondItsBufferIsDropped() {
        long ring = rig.machine.windows.get(1).address();
        rig.device.receive(0, TestMachine.bytes(100, 1), 0, 0);
        rig.device.receive(0, TestMachine.bytes(100, 2), 0, 0);
        rig.device.receive(0, TestMachine.bytes(100, 3), 0, 0);
        rig.machine.memory.putLong(ring + 8, 3);
        rig.machine.memory.putLong(ring + 24, 3 | 2049L << 32);
        assertEquals(1, rig.rx.receive(in, 10));
        assertArrayEquals(TestMachine.bytes(100, 3), bytes(0));
        assertEquals(2, rig.countRx(QueueCounter.ERRORS));
    }

    @Test
    void withoutScatterALongFrameIsDroppedAlsoWhenItsEndComesLater() {
        Set<Feature> features = EnumSet.copyOf(Rig.all());
        features.remove(Feature.RX_SCATTER);
        rig = new Rig(new NianticFactory()).running(1500, features);
        byte[] frame = TestMachine.bytes(5000, 1);
        rig.device.receivePart(0, frame, 0, 4096, 0, 0);
        assertEquals(0, rig.rx.receive(in, 10));
        assertEquals(0, in.size());
        rig.device.receivePart(0, frame, 4096, 5000, 0, 0);
        rig.device.receive(0, TestMachine.bytes(100, 2), 0, 0);
        assertEquals(1, rig.rx.receive(in, 10));
        assertArrayEquals(TestMachine.bytes(100, 2), bytes(0));
        assertEquals(1, rig.countRx(QueueCounter.ERRORS), "one packet, one error");
        rig.rx.receive(in, 0);
        assertEquals(63, rig.device.available(0));
        assertEquals(64, rig.machine.taken.size(), "the dropped one's buffers are posted again");
    }

    @Test
    void aChainWithoutEndDoesNotBlockTheRing() {
        byte[] endless = TestMachine.bytes(60 * 2048, 1);
        rig.device.receivePart(0, endless, 0, 20 * 2048, 0, 0);
        assertEquals(0, rig.rx.receive(in, 10));
        assertEquals(63, rig.device.available(0));
        assertEquals(1, rig.countRx(QueueCounter.ERRORS));
    }

    @Test
    void resultsOfTheDeviceReachThePacket() {
        long q0 = 0xCAFEF00DL << 32 | TCP4 | 1;
        long status = 0x2005L << 48 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 18;
        rig.device.receive(0, TestMachine.bytes(100, 1), q0, status);
        rig.device.receive(0, TestMachine.bytes(3000, 1), q0, status);
        assertEquals(2, rig.rx.receive(in, 10));
        int results = PacketFlags.RX_VLAN | PacketFlags.RX_L4_GOOD | PacketFlags.RX_IP_GOOD | PacketFlags.RX_HASH
                | PacketFlags.RX_LOOPBACK | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP;
        assertEquals(results | PacketFlags.WHOLE, in.flags(0));
        assertEquals(results | PacketFlags.SOP, in.flags(1));
        for (int i = 0; i < 2; i++) {
            assertEquals(0x2005, in.rxVlan(i));
            assertEquals(0xCAFEF00D, in.rxHash(i));
        }
    }

    @Test
    void resultsOfAnEarlierPacketInTheSameSlotAreGone() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 64; i++) {
                long status = round == 0 ? 0x2005L << 48 | 1 << 3 | 1 << 5 : 0;
                rig.device.receive(0, TestMachine.bytes(100, i), round == 0 ? TCP4 | 1 : 0, status);
                assertEquals(1, rig.rx.receive(in, 1));
                if (round > 0) {
                    assertEquals(PacketFlags.WHOLE, in.flags(0));
                    assertEquals(0, in.offload(0));
                }
                recycle();
            }
        }
    }

    @Test
    void resultsOfFeaturesThatAreNotEnabledAreNotReported() {
        rig = new Rig(new NianticFactory()).running(1500, EnumSet.noneOf(Feature.class));
        rig.device.receive(0, TestMachine.bytes(100, 1), TCP4 | 1, 1 << 3 | 1 << 5 | 1 << 6);
        rig.rx.receive(in, 1);
        assertEquals(PacketFlags.WHOLE | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP, in.flags(0));
    }
}
