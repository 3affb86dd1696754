package dev.npa.shell.runtime.stack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptVectors;
import org.junit.jupiter.api.Test;

class WorkloadChannelTest {

    private final FakeMachine machine = new FakeMachine(1);
    private final FakeChannel device = new FakeChannel(machine, 4, 128);
    private final PhysicalAllocator allocator = new PhysicalAllocator(machine.memory());
    private final InterruptVectors cpu = new InterruptVectors(machine);

    private WorkloadChannel open() {
        return new WorkloadChannel(device, allocator, cpu, vector -> { });
    }

    @Test
    void recordsComeInOrderOverTheRingsEnd() {
        WorkloadChannel channel = open();
        for (int i = 0; i < 11; i++) {
            assertTrue(device.send(new byte[] {(byte) i, 1, 2}));
            assertEquals(1, channel.sendable());
            assertEquals(3, channel.sendLength(0));
            assertEquals(i, machine.memory().getByte(channel.sendFrame(0)));
            channel.taken(1);
            assertEquals(0, device.queued());
        }
    }

    @Test
    void framesGoOutUntilTheRingIsFull() {
        WorkloadChannel channel = open();
        assertEquals(4, channel.room());
        for (int i = 0; i < 4; i++) {
            machine.memory().putByte(channel.receiveFrame(i), (byte) (10 + i));
            channel.receiveLength(i, 1);
        }
        channel.produced(4);
        assertEquals(0, channel.room());
        assertArrayEquals(new byte[] {10}, device.receive());
        assertEquals(1, channel.room());
    }

    @Test
    void theDoorbellRingsOnceForAllThatMoved() {
        WorkloadChannel channel = open();
        channel.ring();
        assertEquals(0, device.doorbells, "nothing moved");
        device.send(new byte[20]);
        channel.sendable();
        channel.taken(1);
        channel.receiveLength(0, 1);
        channel.produced(1);
        channel.ring();
        channel.ring();
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
    void aForeignDeviceIsRefused() {
        device.id = 0x12345678;
        String text = assertThrows(ShellException.class, this::open).getMessage();
        assertTrue(text.contains("0x12345678") && text.contains("0x4341504e"), text);
        assertEquals(0, allocator.allocations());
    }
}
