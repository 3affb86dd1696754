package dev.npa.shell.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.Frames;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptVectors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkloadChannelTest {

    private final FakeMachine machine = new FakeMachine(1);
    private final FakeChannel device = new FakeChannel(machine, 8, 128);
    private final PhysicalAllocator allocator = new PhysicalAllocator(machine.memory());
    private final InterruptVectors cpu = new InterruptVectors(machine);

    private WorkloadChannel open() {
        return new WorkloadChannel(device, allocator, cpu, vector -> { });
    }

    private byte[] frame(WorkloadChannel channel) {
        byte[] bytes = new byte[channel.length()];
        machine.memory().copyTo(channel.frame(), bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void recordsOfAnyLengthComeInOrderOverTheRingsEnd() {
        WorkloadChannel channel = open();
        Random random = new Random(7);
        Deque<Frames> sent = new ArrayDeque<>();
        int received = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[14 + random.nextInt(channel.maxFrame() - 13)];
            random.nextBytes(bytes);
            Frames record = new Frames(bytes, random.nextInt() & 0x7F0, random.nextLong());
            if (device.send(record, i & 0xFF)) {
                sent.add(record);
            }
            while (random.nextInt(3) > 0 && channel.next()) {
                Frames expected = sent.remove();
                assertArrayEquals(expected.frame(), frame(channel));
                assertEquals(expected.flags(), channel.flags());
                assertEquals(expected.offload(), channel.offload());
                channel.take();
                received++;
            }
            channel.flush();
        }
        assertTrue(received > 200, "" + received);
    }

    @Test
    void framesOfAnyLengthGoOutOverTheRingsEndUntilItIsFull() {
        WorkloadChannel channel = open();
        Random random = new Random(9);
        Deque<byte[]> given = new ArrayDeque<>();
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[1 + random.nextInt(channel.maxFrame())];
            random.nextBytes(bytes);
            long at = channel.reserve(bytes.length);
            if (at == 0) {
                refused++;
            } else {
                machine.memory().copyFrom(at, bytes, 0, bytes.length);
                channel.commit(bytes.length, i << 16, ~i, 3 << 16 | i, i & 7);
                given.add(bytes);
            }
            channel.flush();
            while (random.nextBoolean()) {
                FakeChannel.Record record = device.receiveRecord();
                if (record == null) {
                    assertTrue(given.isEmpty());
                    break;
                }
                assertArrayEquals(given.remove(), record.frame());
                assertEquals(~(long) (record.flags() >> 16), record.offload());
                assertEquals(record.flags() >> 16 & 7, record.queue());
            }
        }
        assertNotEquals(0, refused, "the ring was full at times");
    }

    @Test
    void nothingIsSeenBeforeTheFlush() {
        WorkloadChannel channel = open();
        machine.memory().putByte(channel.reserve(1), (byte) 10);
        channel.commit(1, 0, 0, 0, 0);
        assertNull(device.receive());
        channel.flush();
        assertArrayEquals(new byte[] {10}, device.receive());
        device.send(new byte[20]);
        assertTrue(channel.next());
        channel.take();
        assertEquals(1, device.queued());
        channel.flush();
        assertEquals(0, device.queued());
    }

    @Test
    void theDoorbellRingsOnceForAllThatMoved() {
        WorkloadChannel channel = open();
        channel.flush();
        assertEquals(0, device.doorbells, "nothing moved");
        device.send(new byte[20]);
        assertTrue(channel.next());
        channel.take();
        channel.reserve(1);
        channel.commit(1, 0, 0, 0, 0);
        channel.flush();
        channel.flush();
        assertEquals(1, device.doorbells);
    }

    @Test
    void theVectorIsTheDevicesToRaise() {
        open();
        device.send(new byte[20]);
        assertEquals(InterruptVectors.FIRST, machine.take());
    }

    @Test
    void closingDisablesAndFrees() {
        WorkloadChannel channel = open();
        channel.close();
        assertFalse(device.isEnabled());
        assertEquals(0, allocator.allocations());
        assertEquals(0, cpu.allocated());
    }

    @Test
    void aForeignDeviceOrVersionIsRefused() {
        device.id = 0x12345678;
        String text = assertThrows(ShellException.class, this::open).getMessage();
        assertTrue(text.contains("0x12345678") && text.contains("0x4341504e"), text);
        device.id = 0x4341504E;
        device.version = 1;
        assertTrue(assertThrows(ShellException.class, this::open).getMessage().contains("version 1"));
        assertEquals(0, allocator.allocations());
    }
}
