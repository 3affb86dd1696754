package dev.npa.shell.runtime.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.AccessFault;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.FakeNic;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.testimage.TestPlugin;
import org.junit.jupiter.api.Test;

class ShellImplTest {

    private final FakeMachine machine = new FakeMachine(1);
    private final PhysicalAllocator allocator = new PhysicalAllocator(machine.memory());
    private final PacketPool pool = new PacketPool(allocator, 32);
    private final PciDevice device = PciDevice.enable(new FakeNic(machine, frame -> { }), 2,
            new InterruptVectors(machine), vector -> { });
    private final ShellImpl shell = shell(1);
    private final long[] addresses = new long[64];
    private final int[] handles = new int[64];

    private ShellImpl shell(int instance) {
        return new ShellImpl(device, allocator, pool, instance, 4, machine,
                new RateLimitedLog(machine, "vm", "test"));
    }

    @Test
    void everyHandleFailsAfterRevocation() {
        RegisterWindow window = shell.registers(0);
        DmaMemory memory = shell.allocate(100, 4096);
        assertEquals(0, memory.address() % 4096);
        window.write32(TestPlugin.MASK, 1);
        shell.revoke();
        assertTrue(assertThrows(AccessFault.class, () -> window.read32(0)).getMessage().contains("revoked"));
        assertThrows(AccessFault.class, () -> window.write32(0, 1));
        assertThrows(AccessFault.class, () -> memory.getInt(0));
        assertThrows(ShellException.class, () -> shell.allocate(64, 64));
        assertThrows(ShellException.class, () -> shell.registers(0));
        assertEquals(0, shell.buffers().take(addresses, handles, 0, 4));
    }

    @Test
    void closeFreesWhatIsLeftAndSaysHowMuch() {
        long free = allocator.freeBytes();
        shell.allocate(100, 64);
        shell.free(shell.allocate(200, 64));
        shell.allocate(4096, 4096);
        assertEquals(5, shell.buffers().take(addresses, handles, 0, 5));
        shell.buffers().give(handles, 0, 2);
        assertEquals(new Census(3, 2, 4196), shell.close());
        assertEquals(free, allocator.freeBytes());
        assertEquals(32, pool.available());
        assertTrue(shell.close().isEmpty(), "nothing is freed twice");
    }

    @Test
    void anInstanceCannotFreeOrGiveWhatIsNotItsOwn() {
        ShellImpl other = shell(2);
        DmaMemory foreign = other.allocate(64, 64);
        assertThrows(ShellException.class, () -> shell.free(foreign));
        other.buffers().take(addresses, handles, 0, 1);
        assertThrows(ShellException.class, () -> shell.buffers().give(handles, 0, 1));
        assertEquals(0, foreign.getInt(0), "the other's window still works");
        DmaMemory own = shell.allocate(64, 64);
        shell.free(own);
        assertThrows(ShellException.class, () -> shell.free(own));
    }

    @Test
    void takeLeavesTheReserveForTransmit() {
        assertEquals(28, shell.buffers().take(addresses, handles, 20, 40));
        assertEquals(4, pool.available());
        assertEquals(0, shell.buffers().take(addresses, handles, 0, 1));
        assertEquals(0, addresses[19], "from the index on that was asked for");
        for (int i = 20; i < 48; i++) {
            assertEquals(pool.address(handles[i]), addresses[i]);
        }
        assertEquals(0, addresses[48]);
    }

    @Test
    void takeBeyondTheArraysTakesNothing() {
        assertThrows(IndexOutOfBoundsException.class, () -> shell.buffers().take(addresses, handles, 60, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> shell.buffers().take(addresses, handles, -1, 1));
        assertEquals(32, pool.available());
        assertEquals(0, shell.buffers().take(addresses, handles, 0, 0));
    }

    @Test
    void aPluginReadsPacketsThroughAWindowThatIsRevokedWithIt() {
        int sent = pool.take(PacketPool.STACK);
        shell.buffers().take(addresses, handles, 0, 1);
        DmaMemory packets = shell.buffers().memory();
        machine.memory().putInt(pool.address(sent) + 12, 0x1234_0008);
        machine.memory().putInt(addresses[0], 77);
        assertEquals(0x1234_0008, packets.getInt((int) (pool.address(sent) - packets.address()) + 12));
        assertEquals(77, packets.getInt((int) (addresses[0] - packets.address())));
        assertThrows(AccessFault.class, () -> packets.getByte(32 * PacketPool.STRIDE), "and nothing else");
        shell.revoke();
        assertThrows(AccessFault.class, () -> packets.getInt(0));
    }

    @Test
    void limitsOfAllocateAndBarsAreSentences() {
        assertThrows(ShellException.class, () -> shell.allocate(0, 64));
        assertThrows(ShellException.class, () -> shell.allocate((16 << 20) + 1, 64));
        assertThrows(ShellException.class, () -> shell.allocate(64, 96));
        assertThrows(ShellException.class, () -> shell.allocate(64, 128 * 1024));
        assertTrue(assertThrows(ShellException.class, () -> shell.registers(2)).getMessage().contains("BAR 2"));
    }
}
