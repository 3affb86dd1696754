package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.AccessFault;
import dev.npa.hw.DmaMemory;
import dev.npa.shell.ShellException;
import dev.npa.sim.machine.IommuDomain;
import org.junit.jupiter.api.Test;

class HostMemoryTest {

    private final HostMemory memory = new HostMemory("pf", 1 << 20);

    @Test
    void onlyAllocatedPagesAreMapped() {
        assertEquals(0, memory.domain().mappedPages());
        DmaMemory window = memory.allocate(5000, 64);
        assertEquals(2, memory.domain().mappedPages());
        assertTrue(memory.domain().permits(window.address(), 5000, IommuDomain.WRITE));
        memory.free(window);
        assertEquals(0, memory.domain().mappedPages());
        assertFalse(memory.domain().permits(window.address(), 1, IommuDomain.READ));
    }

    @Test
    void memoryIsZeroedAlignedAndReused() {
        DmaMemory small = memory.allocate(64, 64);
        DmaMemory big = memory.allocate(4096, 65536);
        assertEquals(0, big.address() % 65536);
        small.putInt(0, 42);
        memory.free(small);
        DmaMemory again = memory.allocate(64, 64);
        assertEquals(small.address(), again.address());
        assertEquals(0, again.getInt(0));
    }

    @Test
    void freedWindowIsRevokedAndCannotBeFreedAgain() {
        DmaMemory window = memory.allocate(64, 64);
        memory.free(window);
        assertThrows(AccessFault.class, () -> window.getInt(0));
        assertThrows(ShellException.class, () -> memory.free(window));
    }

    @Test
    void exhaustionIsOneSentenceAndChangesNothing() {
        memory.allocate(1 << 19, 64);
        ShellException e = assertThrows(ShellException.class, () -> memory.allocate(1 << 20, 64));
        assertTrue(e.getMessage().contains("128 of 256 are taken"), e.getMessage());
        assertEquals(1, memory.allocated());
        memory.allocate(1 << 19, 64);
    }
}
