package dev.npa.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.broadcom.BroadcomFactory;
import dev.npa.plugin.kawela.KawelaFactory;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.niantic.v11.NianticFactory11;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.path.DataPaths;
import dev.npa.shell.runtime.warmup.WarmUp;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every image brings a scratch device on which its plugin sends and receives, with and without jumbo frames. */
class ScratchDeviceTest {

    private static final long PACKETS = 20_000;

    static Stream<Arguments> images() {
        return Stream.of(1500, 9000).flatMap(mtu -> Stream.of(
                Arguments.of(new NianticFactory(), 0x8086, 0x10ED, mtu),
                Arguments.of(new NianticFactory11(), 0x8086, 0x10ED, mtu),
                Arguments.of(new KawelaFactory(), 0x8086, 0x10CA, mtu),
                Arguments.of(new BroadcomFactory(), 0x14E4, 0x166F, mtu)));
    }

    @ParameterizedTest
    @MethodSource("images")
    void aPluginForwardsOnTheScratchDeviceOfItsImageAndLeavesNothing(PluginFactory image, int vendor, int device,
            int mtu) {
        PhysicalAllocator guest = new PhysicalAllocator(PhysicalMemory.allocate(1L << 32, 8 << 20));
        long free = guest.freeBytes();
        QuietMachine machine = new QuietMachine();
        try (WarmUp warmUp = WarmUp.of(image, new PciIdentity(vendor, device, 0, 0, 1), guest, machine, DataPaths.shared(),
                DeviceSettings.of(mtu, 1), PACKETS, machine)) {
            assertNotNull(warmUp, "the image has a scratch device");
            while (!warmUp.step()) {
                Thread.onSpinWait();
            }
        }
        assertEquals(free, guest.freeBytes());
    }
}
