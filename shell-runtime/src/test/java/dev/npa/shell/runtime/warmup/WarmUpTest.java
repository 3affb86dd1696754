package dev.npa.shell.runtime.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginFactory;
import dev.npa.shell.Shell;
import dev.npa.shell.ShellLog;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.path.DataPaths;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private static final PciIdentity DEVICE = new PciIdentity(0x8086, 0x10ED, 0, 0, 1);

    private final PhysicalAllocator guest = new PhysicalAllocator(PhysicalMemory.allocate(1L << 32, 8 << 20));
    private final long free = guest.freeBytes();
    private final List<String> log = new ArrayList<>();
    private final ShellLog quiet = new ShellLog() {
        @Override
        public void info(String message) {
            log.add(message);
        }

        @Override
        public void warn(String message) {
            log.add(message);
        }

        @Override
        public void error(String message, Throwable cause) {
            log.add(message);
        }
    };
    private long now;
    private long perLook;

    private final Clock clock = new Clock() {
        @Override
        public long nanos() {
            now += perLook;
            return now;
        }

        @Override
        public void stall(long nanos) {
            throw new AssertionError("the guest's time is not spent on a scratch device");
        }
    };

    private WarmUp warmUp(PluginFactory image, long packets) {
        return WarmUp.of(image, DEVICE, guest, clock, DataPaths.shared(), DeviceSettings.of(1500, 2), packets, quiet);
    }

    @Test
    void asManyPacketsAsWantedGoInAndOutAndAllMemoryComesBack() {
        LoopImage image = new LoopImage(0);
        WarmUp warmUp = warmUp(image, 10_000);
        assertTrue(guest.freeBytes() < free, "it takes memory of the guest");
        int steps = 1;
        while (!warmUp.step()) {
            steps++;
        }
        warmUp.close();
        assertTrue(image.received >= 10_000 && image.received < 10_000 + 32 * steps, image.received + " packets");
        assertTrue(image.sentWithRequests > 500, "some packets ask for what is in force: " + image.sentWithRequests);
        assertEquals(1, image.created);
        assertEquals(1, image.closed);
        assertEquals(free, guest.freeBytes());
        assertEquals(List.of(), log);
    }

    @Test
    void aStepEndsWhenItsSliceOfTimeIsOver() {
        perLook = 40_000; // a burst takes 40 us, a slice has 100
        LoopImage image = new LoopImage(0);
        WarmUp warmUp = warmUp(image, 1_000);
        assertFalse(warmUp.step());
        assertTrue(image.received <= 4 * 32, image.received + " packets in the first slice");
        int steps = 1;
        while (!warmUp.step()) {
            steps++;
        }
        assertTrue(steps >= 8, steps + " slices");
        warmUp.close();
    }

    @Test
    void aWarmUpThatTakesTooLongIsOver() {
        perLook = 40_000;
        LoopImage image = new LoopImage(0);
        WarmUp warmUp = warmUp(image, 100_000_000);
        int steps = 1;
        while (!warmUp.step()) {
            steps++;
        }
        assertTrue(now >= 500_000_000 && now < 501_000_000, now + " ns, " + steps + " steps");
        warmUp.close();
        assertEquals(free, guest.freeBytes());
    }

    @Test
    void anImageWithoutScratchDeviceIsNotWarmedAndCostsNothing() {
        PluginFactory image = new PluginFactory() {
            @Override
            public boolean supports(PciIdentity device) {
                return true;
            }

            @Override
            public Plugin create(Shell shell) {
                throw new AssertionError("no plugin is made without a scratch device");
            }
        };
        assertNull(warmUp(image, 1_000));
        assertEquals(free, guest.freeBytes());
    }

    @Test
    void aPluginThatDoesNotSendOnItsScratchDeviceIsFoundOutAndItsMemoryComesBack() {
        LoopImage image = new LoopImage(7);
        WarmUp warmUp = warmUp(image, 100_000);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> {
            while (!warmUp.step()) {
                assertTrue(image.received <= 100_000, "it should have been found out");
            }
        });
        assertTrue(e.getMessage().contains("as not sent"), e.getMessage());
        warmUp.close();
        assertEquals(free, guest.freeBytes());
    }

    @Test
    void aPluginThatCannotBeMadeLeavesNothingBehind() {
        PluginFactory image = new PluginFactory() {
            @Override
            public boolean supports(PciIdentity device) {
                return true;
            }

            @Override
            public Plugin create(Shell shell) {
                throw new IllegalStateException("no");
            }

            @Override
            public dev.npa.plugin.ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
                assertNotNull(memory);
                return new LoopImage(0).scratchDevice(device, memory);
            }
        };
        assertThrows(IllegalStateException.class, () -> warmUp(image, 1_000));
        assertEquals(free, guest.freeBytes());
    }

    @Test
    void aGuestWithoutMemoryToSpareStartsItsPluginCold() {
        guest.allocate((int) (free - (1 << 20)), 64);
        assertNull(warmUp(new LoopImage(0), 1_000));
        assertEquals(1, log.size());
        assertTrue(log.get(0).startsWith("no warm-up: "), log.toString());
    }

    @Test
    void theScratchDeviceSeesNoByteOfTheGuestOutsideOfItsArena() {
        long[] window = new long[2];
        PluginFactory image = new PluginFactory() {
            @Override
            public boolean supports(PciIdentity device) {
                return true;
            }

            @Override
            public Plugin create(Shell shell) {
                throw new AssertionError();
            }

            @Override
            public dev.npa.plugin.ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
                window[0] = memory.address();
                window[1] = memory.length();
                return null;
            }
        };
        long mine = guest.allocate(4096, 4096);
        warmUp(image, 1);
        assertTrue(window[1] > 0 && (window[0] > mine || window[0] + window[1] <= mine));
        assertEquals(4 << 20, window[1]);
    }
}
