package dev.npa.sim.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** IommuDomain, DmaPort and MsixTable. */
class MachineTest implements InterruptController {

    private static final long BASE = 0x40_0000;
    private static final int PAGES = 16;

    private final PhysicalMemory memory = PhysicalMemory.allocate(BASE, PAGES * 4096);
    private final IommuDomain domain = new IommuDomain("vm0", memory);
    private final Violations violations = new Violations(() -> 0);
    private final DmaPort port = new DmaPort("nic0/vf0", violations);
    private final List<Integer> raised = new ArrayList<>();

    @Override
    public void raise(int vector) {
        raised.add(vector);
    }

    @Override
    public boolean isPending() {
        return !raised.isEmpty();
    }

    @Override
    public int take() {
        return raised.remove(0);
    }

    private void attach() {
        port.attach(domain, this);
        port.busMaster(true);
    }

    @Property
    void accessNeedsEveryPageItTouches(@ForAll @IntRange(max = PAGES * 4096 - 1) int at,
            @ForAll @IntRange(min = 1, max = 3 * 4096) int length, @ForAll @IntRange(max = 0xFFFF) int mapped) {
        IommuDomain d = new IommuDomain("d", memory);
        for (int page = 0; page < PAGES; page++) {
            if ((mapped >> page & 1) != 0) {
                d.map(BASE + page * 4096L, 4096, IommuDomain.READ);
            }
        }
        boolean expected = at + length <= PAGES * 4096;
        for (int byteAt = at; expected && byteAt < at + length; byteAt++) {
            expected = (mapped >> byteAt / 4096 & 1) != 0;
        }
        assertEquals(expected, d.permits(BASE + at, length, IommuDomain.READ));
        assertFalse(d.permits(BASE + at, length, IommuDomain.WRITE));
        assertEquals(Integer.bitCount(mapped), d.mappedPages());
    }

    @Test
    void addressesOutsideMemoryAreRefusedWithoutOverflow() {
        domain.map(BASE, PAGES * 4096, 3);
        for (long address : new long[] {0, BASE - 1, BASE + PAGES * 4096, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertFalse(domain.permits(address, 8, IommuDomain.READ), Long.toHexString(address));
        }
        assertFalse(domain.permits(BASE, 0, IommuDomain.READ));
        assertFalse(domain.permits(BASE, -1, IommuDomain.READ));
        assertFalse(domain.permits(BASE, Long.MAX_VALUE, IommuDomain.READ));
        assertThrows(IllegalArgumentException.class, () -> domain.map(BASE + 1, 4096, 3));
        assertThrows(IllegalArgumentException.class, () -> domain.map(BASE, 100, 3));
        assertThrows(IllegalArgumentException.class, () -> domain.unmap(0, 4096));
    }

    @Test
    void firstFaultIsRecordedAndAllLaterOnesAreSilent() {
        attach();
        domain.map(BASE, 4096, IommuDomain.READ);
        memory.putInt(BASE, 77);
        assertEquals(77, port.readInt(BASE));
        assertThrows(DmaFault.class, () -> port.writeInt(BASE, 1));
        assertEquals(77, memory.getInt(BASE));
        assertTrue(port.isAborted());
        assertFalse(port.isReady());
        assertThrows(DmaFault.class, () -> port.readInt(BASE), "no DMA until the function was reset");
        assertEquals(1, violations.count());
        assertTrue(violations.list().get(0).toString().contains("nic0/vf0: DMA write of 4 bytes at 0x400000"));
        port.clearAbort();
        assertEquals(77, port.readInt(BASE));
    }

    @Test
    void dmaNeedsBusMasterAndDomain() {
        domain.map(BASE, 4096, 3);
        assertFalse(port.isReady());
        assertThrows(DmaFault.class, () -> port.readLong(BASE));
        port.clearAbort();
        attach();
        assertTrue(port.isReady());
        port.writeLong(BASE, 5);
        port.attach(null, null);
        assertFalse(port.isReady());
        assertThrows(DmaFault.class, () -> port.readLong(BASE));
        assertEquals(2, violations.count());
    }

    @Test
    void messageMustBeAnInterruptOfItsMachine() {
        port.message(InterruptController.MSI_ADDRESS, 40);
        attach();
        port.message(InterruptController.MSI_ADDRESS, 41);
        assertEquals(List.of(41), raised, "lost without bus mastering");
        port.message(0x1234_0000L, 41);
        port.message(InterruptController.MSI_ADDRESS, 0x100);
        assertEquals(List.of(41), raised);
        assertEquals(2, violations.count());
    }

    private MsixTable table() {
        attach();
        MsixTable table = new MsixTable(70, port);
        for (int v = 0; v < 70; v++) {
            table.writeTable(16 * v, (int) InterruptController.MSI_ADDRESS);
            table.writeTable(16 * v + 8, 100 + v);
        }
        return table;
    }

    @Test
    void vectorsAreMaskedAfterReset() {
        MsixTable table = table();
        assertEquals(1, table.readTable(12));
        table.control(true, false);
        table.raise(0);
        table.raise(0);
        assertEquals(List.of(), raised);
        assertEquals(1, table.readPending(0));
        table.writeTable(12, 0);
        assertEquals(List.of(100), raised, "raised twice, sent once");
        assertEquals(0, table.readPending(0));
    }

    @Test
    void functionMaskAndDisableHoldAllVectors() {
        MsixTable table = table();
        for (int v = 0; v < 70; v++) {
            table.writeTable(16 * v + 12, 0);
        }
        table.raise(69);
        table.raise(33);
        assertEquals(1 << 5, table.readPending(8));
        assertEquals(2, table.readPending(4));
        table.control(true, true);
        assertEquals(List.of(), raised);
        table.control(true, false);
        assertEquals(List.of(133, 169), raised);
        table.clearPending(1);
        table.reset();
        table.raise(3);
        assertEquals(2, raised.size());
    }
}
