package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.AccessFault;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.Violations;
import java.nio.ByteBuffer;
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
    private final ByteBuffer target = ByteBuffer.allocateDirect(256);

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
        int length = device.receive(target, 5);
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
        assertEquals(1, bar.read32(0x04));
        assertEquals(SLOTS, bar.read32(0x08));
        assertEquals(SLOT_BYTES, bar.read32(0x0C));
        assertEquals(0, bar.read32(0x18));
        assertEquals(4096, bar.length());
        assertEquals(112, device.maxFrame());
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
        assertEquals(21, guest.memory.getByte(slot + 16));
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
                assertTrue(send(frame(14 + (i + k) % 99, i + k)));
                assertTrue(guest.deliver(frame(14 + (i + k) % 98, i - k)));
            }
            for (int k = 0; k < 1 + i % SLOTS; k++) {
                assertArrayEquals(frame(14 + (i + k) % 99, i + k), guest.takeToSend());
                assertArrayEquals(frame(14 + (i + k) % 98, i - k), received());
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
        assertEquals(VECTOR, guest.take());
        assertTrue(guest.deliver(frame(60, 4)));
        for (int i = 2; i <= SLOTS; i++) {
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
    void frameThatDoesNotFitASlotIsRefused() {
        guest.enable(bar, VECTOR);
        assertTrue(send(frame(112, 1)));
        assertFalse(device.canSend(113));
        assertFalse(send(frame(113, 1)));
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
    void recordWithABadLengthIsDroppedWithAViolation() {
        guest.enable(bar, VECTOR);
        guest.deliver(frame(60, 1), 113);
        guest.deliver(frame(60, 2), -1);
        guest.deliver(frame(60, 3));
        assertArrayEquals(frame(60, 3), received());
        assertEquals(2, violations.count());
    }

    @Test
    void unknownRegistersReadZeroAndAreRecorded() {
        assertEquals(0, bar.read32(0x24));
        assertTrue(onlyViolation().contains("0x24"));
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
    }
}
