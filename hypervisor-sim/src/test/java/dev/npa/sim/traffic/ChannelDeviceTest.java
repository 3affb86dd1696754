package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.npa.hw.AccessFault;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.Violations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChannelDeviceTest {

    private static final int SLOTS = 4;
    private static final int SLOT_BYTES = 128;
    private static final int VECTOR = 77;

    private final FakeGuest guest = new FakeGuest(64 * 1024);
    private final Violations violations = new Violations(() -> 0);
    private final ChannelDevice device =
            new ChannelDevice("vm0/channel", guest.memory, guest, SLOTS, SLOT_BYTES, violations);
    private final RegisterWindow bar = device.bar(0);
    private final ByteBuffer target = ByteBuffer.allocateDirect(512);

    private final ChannelRecord info = new ChannelRecord();

    private static byte[] frame(int length, int seed) {
        byte[] f = new byte[length];
        for (int i = 0; i < length; i++) {
            f[i] = (byte) (i + seed * 7);
        }
        return f;
    }

    private boolean send(byte[] frame) {
        ByteBuffer b = ByteBuffer.allocateDirect(frame.length + 1);
        b.put(1, frame);
        return device.send(b, 1, frame.length);
    }

    private byte[] received() {
        int length = device.receive(target, 5, info);
        if (length < 0) {
            return null;
        }
        byte[] f = new byte[length];
        target.get(5, f);
        return f;
    }

    private String onlyViolation() {
        assertEquals(1, violations.count());
        return violations.list().get(0).what();
    }

    @Test
    void identityAndRegistersAreAsDocumented() {
        assertEquals("fff0:0001", device.identity().toString());
        assertEquals(0x4341504E, bar.read32(0x00));
        assertEquals(2, bar.read32(0x04));
        assertEquals(SLOTS, bar.read32(0x08));
        assertEquals(SLOT_BYTES, bar.read32(0x0C));
        assertEquals(0, bar.read32(0x18));
        assertEquals(4096, bar.length());
        assertEquals(224, device.maxFrame());
        assertEquals(256, bar.read32(0x24));
        assertEquals(0, violations.count());
    }

    @Test
    void recordIsLaidOutAsDocumented() {
        guest.enable(bar, VECTOR);
        assertTrue(send(frame(60, 3)));
        assertEquals(1, guest.memory.getInt(FakeGuest.AREA));
        long slot = FakeGuest.AREA + 0x100;
        assertEquals(60, guest.memory.getInt(slot));
        assertEquals(0, guest.memory.getInt(slot + 4));
        assertEquals(0, guest.memory.getLong(slot + 8));
        assertEquals(0, guest.memory.getInt(slot + 16));
        assertEquals(0xFFFF, guest.memory.getInt(slot + 20));
        assertEquals(21, guest.memory.getByte(slot + 32));
        assertTrue(guest.deliver(frame(61, 9)));
        assertEquals(61, guest.memory.getInt(slot + SLOTS * SLOT_BYTES));
        assertArrayEquals(frame(61, 9), received());
        assertEquals(1, guest.memory.getInt(FakeGuest.AREA + 0xC0));
    }

    @Test
    void bothRingsKeepOrderOverManyWraps() {
        guest.enable(bar, VECTOR);
        for (int i = 0; i < 1000; i++) {
            for (int k = 0; k < 1 + i % SLOTS; k++) {
                assertTrue(send(frame(14 + (i + k) % 83, i + k)));
                assertTrue(guest.deliver(frame(14 + (i + k) % 82, i - k)));
            }
            for (int k = 0; k < 1 + i % SLOTS; k++) {
                assertArrayEquals(frame(14 + (i + k) % 83, i + k), guest.takeToSend());
                assertArrayEquals(frame(14 + (i + k) % 82, i - k), received());
            }
            assertNull(guest.takeToSend());
            assertNull(received());
        }
        assertEquals(0, violations.count());
    }

    @Test
    void fullSendRingPushesBackAndLosesNothing() {
        guest.enable(bar, VECTOR);
        for (int i = 0; i < SLOTS; i++) {
            assertTrue(device.canSend(60));
            assertTrue(send(frame(60, i)));
        }
        assertFalse(device.canSend(60));
        assertFalse(send(frame(60, 99)));
        assertEquals(SLOTS, device.queued());
        assertArrayEquals(frame(60, 0), guest.takeToSend());
        assertTrue(device.canSend(60));
        assertTrue(send(frame(60, 4)));
        for (int i = 1; i <= SLOTS; i++) {
            assertArrayEquals(frame(60, i), guest.takeToSend());
        }
        assertEquals(SLOTS + 1, device.doorbells());
    }

    @Test
    void fullReceiveRingPushesBackAndRoomRaisesTheVector() {
        guest.enable(bar, VECTOR);
        for (int i = 0; i < SLOTS; i++) {
            assertTrue(guest.deliver(frame(60, i)));
        }
        assertFalse(guest.deliver(frame(60, 99)));
        assertFalse(guest.isPending());
        assertArrayEquals(frame(60, 0), received());
        assertArrayEquals(frame(60, 1), received());
        assertFalse(guest.isPending(), "the longest record might not fit yet");
        assertArrayEquals(frame(60, 2), received());
        assertEquals(VECTOR, guest.take());
        assertTrue(guest.deliver(frame(60, 4)));
        for (int i = 3; i <= SLOTS; i++) {
            assertTrue(device.hasReceived());
            assertArrayEquals(frame(60, i), received());
        }
        assertFalse(device.hasReceived());
    }

    @Test
    void guestThatKeepsUpIsNotInterruptedForRoom() {
        guest.enable(bar, VECTOR);
        for (int i = 0; i < 10; i++) {
            guest.deliver(frame(60, i));
            received();
        }
        assertFalse(guest.isPending());
    }

    @Test
    void everyRecordRaisesTheVectorUnlessItIsZero() {
        guest.enable(bar, VECTOR);
        send(frame(60, 1));
        assertEquals(VECTOR, guest.take());
        send(frame(60, 1));
        assertEquals(VECTOR, guest.take());
        bar.write32(0x1C, 0);
        send(frame(60, 1));
        assertFalse(guest.isPending());
    }

    @Test
    void nothingMovesBeforeEnablingAndAfterDisabling() {
        assertFalse(device.isReady());
        assertFalse(device.canSend(60));
        assertFalse(send(frame(60, 1)));
        assertFalse(device.hasReceived());
        assertNull(received());
        guest.enable(bar, VECTOR);
        assertTrue(device.isReady());
        assertEquals(1, bar.read32(0x18));
        send(frame(60, 1));
        bar.write32(0x18, 0);
        assertFalse(send(frame(60, 2)));
        guest.enable(bar, VECTOR);
        assertEquals(0, device.queued());
        assertTrue(send(frame(60, 3)));
        assertArrayEquals(frame(60, 3), guest.takeToSend());
    }

    @Test
    void frameThatDoesNotFitARecordIsRefused() {
        guest.enable(bar, VECTOR);
        assertTrue(send(frame(224, 1)));
        assertFalse(device.canSend(225));
        assertFalse(send(frame(225, 1)));
        assertFalse(send(frame(13, 1)));
    }

    @Test
    void areaOutsideMemoryOrMisalignedStaysDisabled() {
        bar.write32(0x10, 64 * 1024 - 64);
        bar.write32(0x18, 1);
        assertFalse(device.isReady());
        assertTrue(onlyViolation().contains("0xffc0"), onlyViolation());
        bar.write32(0x10, 0x2020);
        bar.write32(0x18, 1);
        assertFalse(device.isReady());
        bar.write32(0x10, 0x2000);
        bar.write32(0x14, -1);
        bar.write32(0x18, 1);
        assertFalse(device.isReady());
        assertEquals(3, violations.count());
    }

    @Test
    void brokenCountersAreViolationsAndStopTheRing() {
        guest.enable(bar, VECTOR);
        guest.memory.putInt(FakeGuest.AREA + 0x40, 5);
        assertFalse(send(frame(60, 1)));
        assertFalse(send(frame(60, 1)));
        assertTrue(onlyViolation().contains("sendHead"), onlyViolation());
        guest.memory.putInt(FakeGuest.AREA + 0x80, SLOTS + 1);
        assertNull(received());
        assertTrue(violations.list().get(1).what().contains("receiveTail"));
    }

    @Test
    void requestsAndResultsTravelWithTheFrame() {
        guest.enable(bar, VECTOR);
        ByteBuffer b = ByteBuffer.allocateDirect(100).put(0, frame(100, 4));
        assertTrue(device.send(b, 0, 100, 0x7F0, 0x0123_4567_89AB_CDEFL, 3));
        FakeGuest.Record record = guest.takeRecord();
        assertArrayEquals(frame(100, 4), record.frame());
        assertEquals(0x7F0, record.flags());
        assertEquals(0x0123_4567_89AB_CDEFL, record.offload());
        assertEquals(3, record.queue());
        guest.deliver(new FakeGuest.Record(frame(70, 1), 0x0021_0000, 0x0000_600A_1234_5678L, 7 << 16 | 1448, 5));
        assertArrayEquals(frame(70, 1), received());
        assertEquals(0x0021_0000, info.flags());
        assertEquals(0x1234_5678, info.hash());
        assertEquals(0x600A, info.vlanTci());
        assertEquals(7, info.segments());
        assertEquals(1448, info.mss());
        assertEquals(5, info.queue());
        assertEquals(0, violations.count());
    }

    @Test
    void longRecordsTakeSlotsInARowAndSkipTheEndOfTheRing() {
        guest.enable(bar, VECTOR);
        long slots = FakeGuest.AREA + 0x100;
        assertTrue(send(frame(60, 1)));
        assertTrue(send(frame(200, 2)));
        assertEquals(3, device.queued());
        guest.takeToSend();
        guest.takeToSend();
        assertTrue(send(frame(210, 3)));
        assertEquals(-1, guest.memory.getInt(slots + 3 * SLOT_BYTES));
        assertEquals(210, guest.memory.getInt(slots));
        assertEquals(6, guest.memory.getInt(FakeGuest.AREA));
        assertFalse(device.canSend(100), "one slot is left, and two are needed");
        assertTrue(device.canSend(96));
        assertArrayEquals(frame(210, 3), guest.takeToSend());
        for (int i = 0; i < 50; i++) {
            int length = 14 + i * 37 % 211;
            assertTrue(guest.deliver(frame(length, i)));
            assertArrayEquals(frame(length, i), received());
        }
        assertEquals(0, violations.count());
    }

    /** Every sequence of lengths passes both rings in order, whatever slots it skips. */
    @Property(tries = 200)
    void anySequenceOfLengthsPasses(@ForAll @Size(min = 1, max = 60) List<@IntRange(min = 14, max = 480) Integer> of) {
        FakeGuest other = new FakeGuest(64 * 1024);
        ChannelDevice small = new ChannelDevice("p", other.memory, other, 16, 64, violations);
        other.enable(small.bar(0), VECTOR);
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < of.size(); i++) {
            byte[] f = frame(of.get(i), i);
            ByteBuffer b = ByteBuffer.allocateDirect(f.length).put(0, f);
            while (!small.send(b, 0, f.length)) {
                assertArrayEquals(sent.remove(0), other.takeToSend());
            }
            sent.add(f);
            while (!other.deliver(f)) {
                fail("the device takes every record at once");
            }
            assertEquals(f.length, small.receive(target, 0, info));
            byte[] back = new byte[f.length];
            target.get(0, back);
            assertArrayEquals(f, back);
        }
        sent.forEach(f -> assertArrayEquals(f, other.takeToSend()));
        assertEquals(0, violations.count());
    }

    @Test
    void malformedRecordsAreViolationsAndDropWhatTheGuestHadProduced() {
        guest.enable(bar, VECTOR);
        int expected = 0;
        for (int claimed : new int[] {13, -2, 0, 225, 200}) {
            guest.deliver(frame(60, 1), claimed);
            assertNull(received());
            assertEquals(++expected, violations.count(), "length " + claimed);
            assertTrue(guest.deliver(frame(60, 3)));
            assertArrayEquals(frame(60, 3), received());
        }
    }

    @Test
    void skipWithoutARecordBehindItIsAViolation() {
        guest.enable(bar, VECTOR);
        guest.put(new FakeGuest.Record(frame(60, 1)), -1);
        guest.publish(4);
        assertNull(received());
        assertTrue(onlyViolation().contains("skip"), onlyViolation());
        assertTrue(guest.deliver(frame(60, 3)));
        assertArrayEquals(frame(60, 3), received());
    }

    @Test
    void requestBitsInAReceivedRecordAreAViolation() {
        guest.enable(bar, VECTOR);
        guest.deliver(new FakeGuest.Record(frame(60, 1), 0x200, 0, 0, 0));
        assertArrayEquals(frame(60, 1), received());
        assertTrue(onlyViolation().contains("0x200"), onlyViolation());
    }

    @Test
    void unknownRegistersReadZeroAndAreRecorded() {
        assertEquals(0, bar.read32(0x28));
        assertTrue(onlyViolation().contains("0x28"));
        bar.write32(0x40, 1);
        bar.write32(0x00, 1);
        bar.write32(0x1C, 256);
        assertEquals(4, violations.count());
        assertThrows(AccessFault.class, () -> bar.read32(4096));
        assertThrows(AccessFault.class, () -> bar.read32(2));
        assertThrows(AccessFault.class, () -> device.bar(1));
    }

    @Test
    void configurationSpaceHasIdentityCommandAndBarSize() {
        assertEquals(0x0001FFF0, device.readConfig(0, 4));
        assertEquals(0xFFF0, device.readConfig(0, 2));
        assertEquals(0x0001, device.readConfig(2, 2));
        assertEquals(0x02, device.readConfig(0x0B, 1));
        device.writeConfig(0x10, 4, -1);
        assertEquals(0xFFFFF000, device.readConfig(0x10, 4));
        device.writeConfig(0x04, 2, 0xFFFF);
        assertEquals(0x0406, device.readConfig(0x04, 2));
        device.writeConfig(0x00, 4, 0);
        assertEquals(0x0001FFF0, device.readConfig(0, 4));
        assertEquals(0, device.readConfig(0x34, 4));
        assertThrows(AccessFault.class, () -> device.readConfig(4096, 1));
        assertThrows(AccessFault.class, () -> device.readConfig(1, 2));
    }

    @Test
    void badShapesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ChannelDevice("x", guest.memory, guest, 3, 128));
        assertThrows(IllegalArgumentException.class, () -> new ChannelDevice("x", guest.memory, guest, 4, 100));
        assertThrows(IllegalArgumentException.class, () -> new ChannelDevice("x", guest.memory, guest, 2, 64));
    }
}
