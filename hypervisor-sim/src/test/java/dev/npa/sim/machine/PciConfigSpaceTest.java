package dev.npa.sim.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PciConfigSpaceTest implements PciFunction {

    private static final PciIdentity ID = new PciIdentity(0x8086, 0x10FB, 0x8086, 3, 1);

    private final List<String> events = new ArrayList<>();
    private final PciConfigSpace space = new PciConfigSpace(this, ID, 0x020000)
            .withMemoryBar(0, 128 * 1024, true)
            .withMemoryBar(3, 16 * 1024, false)
            .withMsix(0x70, 64, 3, 0, 0x2000)
            .withPcie(0xA0)
            .withExtended(0x100, 1, 1)
            .withSerialNumber(0x140, 0x0011_2233_4455_6677L)
            .withSriov(0x160, 64, 0x10ED, 128, 2)
            .withVirtualFunctionBar(0, 16 * 1024, true)
            .seal(new PciConfigSpace.Events() {
                @Override
                public void command(boolean memorySpace, boolean busMaster) {
                    events.add("command " + memorySpace + " " + busMaster);
                }

                @Override
                public void msix(boolean enable, boolean functionMask) {
                    events.add("msix " + enable + " " + functionMask);
                }

                @Override
                public void functionLevelReset() {
                    events.add("flr");
                }

                @Override
                public void virtualFunctions(boolean enable, int number) {
                    events.add("vfs " + enable + " " + number);
                }

                @Override
                public void virtualFunctionMemory(boolean enable) {
                    events.add("mse " + enable);
                }
            });

    @Override
    public PciIdentity identity() {
        return ID;
    }

    @Override
    public int readConfig(int offset, int width) {
        return space.read(offset, width);
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        space.write(offset, width, value);
    }

    @Override
    public RegisterWindow bar(int index) {
        throw new AccessFault("none");
    }

    @Test
    void headerHasIdentityClassAndCapabilities() {
        assertEquals(0x10FB_8086, space.read(0, 4));
        assertEquals(0x02000001, space.read(8, 4));
        assertEquals(0x0003_8086, space.read(0x2C, 4));
        assertEquals(0x10, space.read(6, 2) & 0x10, "capability list");
        assertEquals(0x70, PciConfigSpace.findCapability(this, PciConfigSpace.CAP_MSIX));
        assertEquals(0xA0, PciConfigSpace.findCapability(this, PciConfigSpace.CAP_PCIE));
        assertEquals(0, PciConfigSpace.findCapability(this, 0x05));
        assertEquals(0x160, PciConfigSpace.findExtended(this, PciConfigSpace.EXT_SRIOV));
        assertEquals(0x140, PciConfigSpace.findExtended(this, PciConfigSpace.EXT_SERIAL));
        assertEquals(0, PciConfigSpace.findExtended(this, 0x0E));
        assertEquals(0x4455_6677, space.read(0x144, 4));
        assertEquals(0x0011_2233, space.read(0x148, 4));
    }

    @Test
    void barsAnswerTheSizingProtocol() {
        space.write(0x10, 4, -1);
        assertEquals(0xFFFE_000C, space.read(0x10, 4), "128 KiB, 64-bit, prefetchable");
        space.write(0x1C, 4, -1);
        assertEquals(0xFFFF_C004, space.read(0x1C, 4));
        space.write(0x10, 4, 0xF000_0000);
        assertEquals(0xF000_000C, space.read(0x10, 4));
        space.write(0x160 + 0x24, 4, -1);
        assertEquals(0xFFFF_C00C, space.read(0x160 + 0x24, 4), "VF BAR0");
    }

    @Test
    void commandReportsChangesOnly() {
        space.write(4, 2, 0xFFFF);
        assertEquals(6, space.read(4, 2));
        space.write(4, 2, 6);
        space.write(4, 1, 2);
        assertEquals(List.of("command true true", "command true false"), events);
    }

    @Test
    void msixCapabilityNamesItsTables() {
        assertEquals(63, space.read(0x72, 2) & 0x7FF);
        assertEquals(3, space.read(0x74, 4));
        assertEquals(0x2003, space.read(0x78, 4));
        space.write(0x72, 2, 0xC000);
        space.write(0x70, 4, 0x8000_0000);
        assertEquals(List.of("msix true true", "msix true false"), events);
    }

    @Test
    void functionLevelResetStartsByAnyWidthAndReadsZero() {
        space.write(0xA8, 2, 0x8000);
        space.write(0xA9, 1, 0x80);
        space.write(0xA8, 4, 0x8000);
        space.write(0xA8, 2, 0x7FFF);
        assertEquals(List.of("flr", "flr", "flr"), events);
        assertEquals(0x7FFF, space.read(0xA8, 2));
        assertTrue((space.read(0xA4, 4) & 1 << 28) != 0, "FLR capable");
    }

    @Test
    void virtualFunctionsAreEnabledWithTheirNumberFixed() {
        assertEquals(0x0040_0040, space.read(0x16C, 4));
        assertEquals(0x0002_0080, space.read(0x174, 4));
        assertEquals(0x10ED, space.read(0x17A, 2));
        space.write(0x170, 2, 8);
        space.write(0x168, 2, 9);
        space.write(0x170, 2, 16);
        assertEquals(8, space.read(0x170, 2));
        space.write(0x168, 2, 0);
        assertEquals(List.of("vfs true 8", "mse true", "vfs false 8", "mse false"), events);
    }

    @Test
    void resetRestoresAndReports() {
        space.write(4, 2, 6);
        space.write(0x170, 2, 8);
        space.write(0x168, 2, 1);
        space.write(0x10, 4, 0xF000_0000);
        events.clear();
        space.reset();
        assertEquals(0xC, space.read(0x10, 4));
        assertEquals(0, space.numVfs());
        assertEquals(List.of("msix false false", "command false false", "vfs false 0"), events);
    }

    @Test
    void badAccessesAreRefused() {
        assertThrows(AccessFault.class, () -> space.read(2, 4));
        assertThrows(AccessFault.class, () -> space.read(4096, 1));
        assertThrows(AccessFault.class, () -> space.read(-4, 4));
        assertThrows(AccessFault.class, () -> space.write(0, 3, 0));
    }

    @Property
    void widthsAgree(@ForAll @IntRange(max = 1023) int dword, @ForAll int value) {
        if (dword * 4 != 0xA8) { // not a reset
            space.write(4 * dword, 4, value);
        }
        int whole = space.read(4 * dword, 4);
        assertEquals(whole, space.read(4 * dword, 2) | space.read(4 * dword + 2, 2) << 16);
        assertEquals(whole, space.read(4 * dword, 1) | space.read(4 * dword + 1, 1) << 8
                | space.read(4 * dword + 2, 1) << 16 | space.read(4 * dword + 3, 1) << 24);
        assertEquals(0x10FB_8086, space.read(0, 4), "identity is read-only");
    }
}
