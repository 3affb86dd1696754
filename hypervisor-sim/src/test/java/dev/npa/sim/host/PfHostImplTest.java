package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.InterruptController;
import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.time.VirtualClock;
import java.util.List;
import org.junit.jupiter.api.Test;

class PfHostImplTest {

    private final Violations violations = new Violations(() -> 0);
    private final FakePf pf = new FakePf(0, violations);
    private final PfHostImpl host = new PfHostImpl(pf.physical, new VirtualClock());

    @Test
    void functionIsEnabledAndItsVectorsPointToTheHost() {
        assertEquals(6, pf.physical.readConfig(4, 2) & 6);
        assertEquals(FakeFunction.VECTORS, host.vectors());
        for (int v = 0; v < host.vectors(); v++) {
            assertEquals((int) InterruptController.MSI_ADDRESS, pf.physical.msix.readTable(16 * v));
            assertEquals(0, pf.physical.msix.readTable(16 * v + 4));
            assertEquals(32 + v, pf.physical.msix.readTable(16 * v + 8));
            assertEquals(0, pf.physical.msix.readTable(16 * v + 12));
        }
    }

    @Test
    void interruptsReachTheDriverWithItsOwnNumbering() {
        pf.uplink.clear();
        host.uplink(pf);
        pf.physical.msix.raise(2);
        pf.physical.msix.raise(0);
        assertEquals(2, host.run(64));
        assertEquals(List.of(0, 2), pf.interrupts);
        assertEquals(0, host.run(64));
    }

    @Test
    void functionReachesItsOwnMemoryOnly() {
        DmaMemory ring = host.allocate(4096, 128);
        pf.physical.dma.writeInt(ring.address(), 7);
        assertEquals(7, ring.getInt(0));
        host.free(ring);
        assertThrows(DmaFault.class, () -> pf.physical.dma.writeInt(ring.address(), 7));
        assertEquals(1, violations.count());
    }

    @Test
    void packetBuffersAreReachable() {
        long[] addresses = new long[4];
        assertEquals(4, host.buffers().take(addresses, new int[4], 0, 4));
        pf.physical.dma.writeLong(addresses[3], 1);
        assertFalse(pf.physical.dma.isAborted());
        assertTrue(addresses[0] >= HostMemory.BASE);
    }
}
