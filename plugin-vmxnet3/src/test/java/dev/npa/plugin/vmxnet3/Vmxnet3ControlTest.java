package dev.npa.plugin.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.vmxnet3.control.RssConf;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Command;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Control;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Event;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Vmxnet3ControlTest {

    private static final MacAddress PERMANENT = MacAddress.parse("02:03:04:05:01:02");
    private static final MacAddress OTHER = MacAddress.parse("02:aa:bb:cc:dd:ee");

    private static int indexOf(List<String> writes, String write) {
        int at = writes.indexOf(write);
        assertTrue(at >= 0, write + " is not in " + writes);
        return at;
    }

    @Test
    void driverSharedHasTheMeasuredBytes() {
        Bench bench = new Bench().start(new PluginConfig(1, 1, 32, 32, 1500, 2, Set.of(Feature.VLAN_STRIP)));
        int[][] words = {{0x000, 0xbabefee1}, {0x004, 0x2e0}, {0x00C, 2}, {0x010, 1}, {0x014, 1}, {0x018, 4},
            {0x01C, 0}, {0x030, 0}, {0x034, 0x200}, {0x038, 0x5dc}, {0x03C, 0x01010001}, {0x050, 0x08020301},
            {0x054, 0x00000808}, {0x06C, 0}, {0x078, 0}, {0x088, 1}, {0x288, 0}, {0x2A8, 0}, {0x2B8, 0}};
        for (int[] word : words) {
            assertEquals(word[1], bench.shell.device.shared32(word[0]), "offset 0x" + Integer.toHexString(word[0]));
        }
        assertEquals(bench.control.queueTable().address(),
                bench.shell.memory.getLong(bench.shell.device.shared + 0x28));
        assertEquals(0, bench.shell.device.shared % 4096);
    }

    @Test
    void theOperatingSystemsRssConfigurationIsWrittenAndUpdatedAtOnce() {
        Bench bench = new Bench().start(new PluginConfig(4, 4, 32, 32, 1500, 2, Set.of(Feature.RSS)));
        byte[] key = new byte[40];
        Arrays.fill(key, (byte) 0x11);
        bench.shell.device.writes.clear();
        bench.control.rss(new RssConf(0x3, key, new byte[] {3, 1, 2, 0}));
        assertEquals(1, bench.shell.device.shared32(0x288), "version");
        assertEquals(176, bench.shell.device.shared32(0x28C), "length");
        long at = bench.shell.memory.getLong(bench.shell.device.shared + 0x290);
        assertEquals(0x00010003, bench.shell.memory.getInt(at), "types, Toeplitz");
        assertEquals(0x00040028, bench.shell.memory.getInt(at + 4), "sizes of key and table");
        assertEquals(0x11111111, bench.shell.memory.getInt(at + 8 + 36));
        assertEquals(0x00020103, bench.shell.memory.getInt(at + 48));
        assertEquals(2, bench.shell.device.shared32(0x18), "feature bit");
        assertTrue(indexOf(bench.shell.device.writes, "1:20=cafe0009")
                < indexOf(bench.shell.device.writes, "1:20=cafe0006"));
        bench.control.rss(null);
        assertEquals(0, bench.shell.device.shared32(0x288));
        assertEquals(0, bench.shell.device.shared32(0x18));
    }

    @Test
    void queueDescriptorsNameRingsOfTheWantedAlignment() {
        Bench bench = new Bench().start(new PluginConfig(2, 1, 64, 96, 1500, 2, Set.of()));
        long table = bench.control.queueTable().address();
        assertEquals(0, table % 128);
        for (int q = 0; q < 2; q++) {
            long tx = table + 256L * q;
            assertEquals(0, bench.shell.memory.getLong(tx + 0x10) % 512);
            assertEquals(0, bench.shell.memory.getLong(tx + 0x18));
            assertEquals(0, bench.shell.memory.getLong(tx + 0x20) % 512);
            assertEquals(64, bench.shell.memory.getInt(tx + 0x38));
            assertEquals(64, bench.shell.memory.getInt(tx + 0x40));
        }
        long rx = table + 512;
        for (int field = 0x10; field <= 0x20; field += 8) {
            assertEquals(0, bench.shell.memory.getLong(rx + field) % 512);
        }
        assertEquals(96, bench.shell.memory.getInt(rx + 0x38));
        assertEquals(32, bench.shell.memory.getInt(rx + 0x3C));
        assertEquals(128, bench.shell.memory.getInt(rx + 0x40));
    }

    @Test
    void negotiationTakesTheNewestCommonRevision() {
        for (int[] offer : new int[][] {{1, 1, 1}, {0x7F, 2, 2}, {3, 2, 2}}) {
            FakeShell shell = new FakeShell();
            shell.device.vrrs = offer[0];
            assertEquals(offer[1], Vmxnet3Control.open(shell).revision());
            assertTrue(shell.device.writes.contains("1:0=" + offer[2]));
            assertTrue(shell.device.writes.contains("1:8=1"));
        }
    }

    @Test
    void aDeviceThatIsGoneOrTooNewIsRefusedAndNothingStaysAllocated() {
        for (int offered : new int[] {-1, 0, 0x40}) {
            FakeShell shell = new FakeShell();
            shell.device.vrrs = offered;
            assertThrows(PluginException.class, () -> Vmxnet3Control.open(shell));
            assertEquals(0, shell.live.size());
        }
    }

    @Test
    void openFreesWhatItGotWhenMemoryRunsOut() {
        for (int failing = 0; failing < 2; failing++) {
            FakeShell shell = new FakeShell();
            shell.failingAllocation = failing;
            assertThrows(RuntimeException.class, () -> Vmxnet3Control.open(shell));
            assertEquals(0, shell.live.size());
        }
    }

    @Test
    void sharedAddressIsWrittenLowThenHighBeforeActivation() {
        Bench bench = Bench.running();
        List<String> writes = bench.shell.device.writes;
        int low = indexOf(writes, "1:10=" + Integer.toHexString((int) bench.shell.device.shared));
        int high = indexOf(writes, "1:18=1");
        assertTrue(low < high && high < indexOf(writes, "1:20=cafe0000"));
    }

    @Test
    void anAddressSurvivesActivationOnDevicesThatFallBack() {
        Bench bench = new Bench();
        bench.shell.device.qemu = true;
        bench.control = Vmxnet3Control.open(bench.shell);
        assertEquals(PERMANENT, bench.control.mac());
        assertTrue(bench.control.mac(OTHER));
        bench.start(Bench.config(32, 1500, Set.of()));
        assertEquals(OTHER, bench.control.mac());
    }

    @Test
    void aRefusedAddressChangesNothing() {
        Bench bench = Bench.running();
        bench.shell.device.macRefused = true;
        assertFalse(bench.control.mac(OTHER));
        assertEquals(PERMANENT, bench.control.mac());
    }

    @Test
    void masksAreWrittenAgainWhenADeviceIgnoresThemWhileInactive() {
        Bench bench = new Bench();
        bench.shell.device.qemu = true;
        bench.control = Vmxnet3Control.open(bench.shell);
        bench.control.unmaskVector(bench.control.eventVector());
        assertTrue(bench.shell.device.imr.isEmpty());
        bench.start(Bench.config(32, 1500, Set.of()));
        assertEquals(0, bench.shell.device.imr.get(2));
        assertEquals(1, bench.shell.device.imr.get(0));
    }

    @Test
    void receptionWorksWithUntypedCompletions() {
        Bench bench = Bench.running();
        bench.rings().completionType = 0;
        bench.rings().receive(Bench.frame(60, 4));
        assertEquals(1, bench.receive(4));
    }

    @Test
    void receiveModeWritesTablesAndTellsTheDevice() {
        Bench bench = Bench.running();
        FakeVmxnet3 device = bench.shell.device;
        device.commands.clear();
        MacAddress group = MacAddress.parse("01:00:5e:00:00:fb");
        bench.control.receiveMode(true, true, false, false, Set.of(group), Set.of(5, 4094));
        assertEquals(1 | 2 | 4, device.shared32(0x78));
        assertEquals(6, device.shared32(0x7C));
        byte[] entry = new byte[6];
        bench.shell.memory.copyTo(bench.shell.memory.getLong(device.shared + 0x80), entry, 0, 6);
        for (int i = 0; i < 6; i++) {
            assertEquals(group.octet(i), entry[i]);
        }
        assertEquals(1 | 1 << 5, device.shared32(0x88), "untagged frames and VLAN 5");
        assertEquals(1 << 30, device.shared32(0x88 + 4 * 127));
        assertEquals(Set.of(0xCAFE0003, 0xCAFE0004, 0xCAFE0005), Set.copyOf(device.commands));
        int windows = bench.shell.live.size();
        bench.control.receiveMode(false, false, true, true, Set.of(), Set.of());
        assertEquals(8 | 0x10, device.shared32(0x78));
        assertEquals(0, device.shared32(0x7C));
        assertEquals(windows - 1, bench.shell.live.size(), "the old table is freed");
        assertThrows(IllegalArgumentException.class,
                () -> bench.control.receiveMode(true, true, true, true, Set.of(), Set.of(4095)));
        assertEquals(8 | 0x10, device.shared32(0x78));
    }

    @Test
    void filtersSetBeforeActivationAreInForceAfterwards() {
        Bench bench = new Bench();
        bench.control = Vmxnet3Control.open(bench.shell);
        int commands = bench.shell.device.commands.size();
        bench.control.receiveMode(true, true, true, false, Set.of(), Set.of());
        assertEquals(commands, bench.shell.device.commands.size(), "the device has no shared area to read yet");
        bench.start(Bench.config(32, 1500, Set.of()));
        assertEquals(1 | 4 | 8, bench.shell.device.shared32(0x78));
        assertTrue(bench.shell.device.commands.contains(0xCAFE0003));
    }

    @Test
    void eventsAreTakenOnceAndClearedByTheDevice() {
        Bench bench = Bench.running();
        assertEquals(0, bench.control.takeEvents());
        assertEquals(0, bench.shell.device.writesTo(1, 0x40));
        bench.shell.device.raiseEvent(Vmxnet3Event.DIC | Vmxnet3Event.LINK);
        assertEquals(0xC, bench.control.takeEvents());
        assertEquals(0, bench.control.takeEvents());
    }

    @Test
    void linkIsDecoded() {
        Bench bench = Bench.running();
        assertEquals(new LinkState(true, 10000), bench.control.link());
        bench.shell.device.link = 0x03E80000;
        assertEquals(LinkState.DOWN, bench.control.link());
        bench.shell.device.link = 40000 << 16 | 1;
        assertEquals(40000, bench.control.link().megabitsPerSecond());
    }

    @Test
    void switchCommandsCarryTheirArguments() {
        Bench bench = Bench.running();
        bench.control.command(Vmxnet3Command.LOAD_PLUGIN, 1, 42, 0x1122334455667788L);
        assertEquals(List.of(1, 42, 0x55667788, 0x11223344),
                Arrays.stream(bench.shell.device.commandInfo).boxed().toList());
    }

    @Test
    void thePluginAreaIsNamedBeforeActivationOnly() {
        Bench bench = new Bench();
        bench.control = Vmxnet3Control.open(bench.shell);
        bench.control.pluginArea(0x1_2345_6000L, 4096);
        bench.start(Bench.config(32, 1500, Set.of()));
        assertEquals(1, bench.shell.device.shared32(0x2A8));
        assertEquals(4096, bench.shell.device.shared32(0x2AC));
        assertEquals(0x1_2345_6000L, bench.shell.memory.getLong(bench.shell.device.shared + 0x2B0));
        assertThrows(IllegalStateException.class, () -> bench.control.pluginArea(0, 0));
    }

    @Test
    void rssIsDescribedWhenSeveralQueuesWantIt() {
        Bench bench = new Bench().start(new PluginConfig(1, 3, 32, 32, 1500, 2, Set.of(Feature.RSS)));
        assertEquals(2, bench.shell.device.shared32(0x18));
        assertEquals(1, bench.shell.device.shared32(0x288));
        assertEquals(176, bench.shell.device.shared32(0x28C));
        long conf = bench.shell.memory.getLong(bench.shell.device.shared + 0x290);
        assertEquals(0x0001000F, bench.shell.memory.getInt(conf));
        assertEquals(128 << 16 | 40, bench.shell.memory.getInt(conf + 4));
        assertEquals(0xda565a6d, bench.shell.memory.getInt(conf + 8));
        for (int i = 0; i < 128; i++) {
            assertEquals(i % 3, bench.shell.memory.getByte(conf + 48 + i));
        }
    }

    @Test
    void closeLeavesADeviceThatKnowsNoMemory() {
        Bench bench = Bench.running();
        bench.control.receiveMode(true, true, false, false, Set.of(OTHER), Set.of());
        bench.plugin.close();
        bench.control.close();
        bench.control.close();
        assertEquals(0, bench.shell.device.shared);
        assertFalse(bench.shell.device.active);
        assertEquals(0, bench.shell.live.size());
        assertThrows(IllegalStateException.class, () -> bench.control.command(Vmxnet3Command.GET_LINK));
        assertEquals(0, bench.control.takeEvents());
    }
}
