package dev.npa.shell.runtime.pci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PciIdentity;
import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.FakePci;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PciDeviceTest {

    private final FakeMachine machine = new FakeMachine(1);
    private final InterruptVectors cpu = new InterruptVectors(machine);
    private final FakePci function = new FakePci(new PciIdentity(0x8086, 0x10ED, 0, 0, 1), 3, machine);
    private final List<Integer> served = new ArrayList<>();

    @Test
    void msixEntriesHoldAddressDataAndAreUnmaskedLast() {
        PciDevice device = PciDevice.enable(function, 2, cpu, served::add);
        assertEquals(2, device.vectors());
        assertArrayEquals(new int[] {0xFEE00000, 0, device.cpuVector(0), 0},
                Arrays.copyOfRange(function.table, 0, 4));
        assertArrayEquals(new int[] {0xFEE00000, 0, device.cpuVector(1), 0},
                Arrays.copyOfRange(function.table, 4, 8));
        assertEquals(1, function.table[11], "an entry that is not used stays masked");
        assertEquals(0, function.unmaskedBeforeProgrammed);
        assertEquals(0x8002, function.readConfig(FakePci.CAPABILITY + 2, 2), "enabled, function mask off, 3 entries");
        assertEquals(0x406, function.readConfig(4, 2), "memory, bus master, no INTx");
    }

    @Test
    void aVectorReachesItsHandlerWithTheDevicesNumber() {
        PciDevice.enable(function, 3, cpu, served::add);
        function.raise(2);
        function.raise(0);
        assertEquals(2, cpu.dispatch());
        assertEquals(List.of(0, 2), served);
    }

    @Test
    void aVfWhoseIdRegistersReadFfffIsThere() {
        assertEquals(0xFFFFFFFF, function.readConfig(0, 4));
        assertFalse(PciDevice.isGone(function));
        assertEquals("8086:10ed", PciDevice.enable(function, 1, cpu, served::add).identity().toString());
    }

    @Test
    void anUnpluggedFunctionIsRefused() {
        function.unplugged = true;
        String text = assertThrows(ShellException.class, () -> PciDevice.enable(function, 1, cpu, served::add))
                .getMessage();
        assertTrue(text.contains("unplugged"), text);
        assertEquals(0, cpu.allocated());
    }

    @Test
    void disablingStopsDmaAndInterruptsAndReturnsVectors() {
        PciDevice device = PciDevice.enable(function, 3, cpu, served::add);
        assertEquals(3, cpu.allocated());
        device.disable();
        device.disable();
        assertFalse(function.isBusMaster());
        assertEquals(0x4002, function.readConfig(FakePci.CAPABILITY + 2, 2));
        assertEquals(0, cpu.allocated());
    }

    @Test
    void disablingAnUnpluggedFunctionStillReturnsItsVectors() {
        PciDevice device = PciDevice.enable(function, 3, cpu, served::add);
        function.unplugged = true;
        device.disable();
        assertEquals(0, cpu.allocated());
    }

    @Test
    void anInterruptAfterItsVectorWasFreedIsCountedOnly() {
        PciDevice device = PciDevice.enable(function, 1, cpu, served::add);
        int vector = device.cpuVector(0);
        device.disable();
        machine.raise(vector);
        assertEquals(0, cpu.dispatch());
        assertEquals(1, cpu.spurious());
    }

    @Test
    void vectorsAreGivenFrom32AndRunOutWithASentence() {
        for (int i = 32; i < 256; i++) {
            assertEquals(i, cpu.allocate(served::add, 0));
        }
        assertThrows(ShellException.class, () -> cpu.allocate(served::add, 0));
    }
}
