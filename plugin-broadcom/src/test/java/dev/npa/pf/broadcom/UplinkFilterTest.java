package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.VfSettings;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The uplink: its filters, and its rings at the PF's addresses. */
class UplinkFilterTest {

    private static final int CLIENT = 5;

    private final FakePath path = new FakePath();
    private final BroadcomPfDriver driver = new BroadcomPfDriver(path.host);

    @BeforeEach
    void start() {
        driver.start(4);
        path.takeRamrods();
    }

    @Test
    void addressesComeAndGoOnce() {
        MacAddress mac = MacAddress.parse("02:00:00:00:00:09");
        driver.addUplinkAddress(mac);
        driver.addUplinkAddress(mac);
        assertEquals(1, path.takeRamrods().size());
        assertTrue(path.macs.get(CLIENT).contains("020000000009"));
        driver.removeUplinkAddress(mac);
        driver.removeUplinkAddress(mac);
        assertEquals(1, path.takeRamrods().size());
        assertThrows(PfException.class, () -> driver.addUplinkAddress(MacAddress.BROADCAST));
    }

    @Test
    void addressesEndWithTheDevicesFilters() {
        for (int i = 0; i < 272 - 4 - 1; i++) {
            driver.addUplinkAddress(new MacAddress(0x0200_0000_1000L + i));
        }
        PfException e = assertThrows(PfException.class,
                () -> driver.addUplinkAddress(MacAddress.parse("02:00:00:00:00:09")));
        assertTrue(e.getMessage().contains("all 272 address filters"), e.getMessage());
        assertEquals(268, path.macs.get(CLIENT).size());
    }

    @Test
    void vlansAreCounted() {
        driver.addUplinkVlan(10);
        driver.addUplinkVlan(10);
        driver.removeUplinkVlan(10);
        assertEquals(Set.of(0, 10), path.vlans.get(CLIENT));
        driver.removeUplinkVlan(10);
        driver.removeUplinkVlan(10);
        assertEquals(Set.of(0), path.vlans.get(CLIENT));
        assertThrows(PfException.class, () -> driver.addUplinkVlan(0));
        assertThrows(PfException.class, () -> driver.removeUplinkVlan(4095));
    }

    @Test
    void vlansOfUplinkAndVfsShareTheDevicesFilters() {
        Set<Integer> many = new TreeSet<>();
        for (int vlan = 1; vlan <= 270; vlan++) {
            many.add(vlan);
        }
        VfSettings settings = new VfSettings(MacAddress.parse("02:00:00:00:00:01"), 0, 1500, true, false, false,
                Set.of(), many, 0);
        driver.assign(0, settings); // 271 with its VLAN 0, and the uplink's VLAN 0
        PfException e = assertThrows(PfException.class, () -> driver.addUplinkVlan(5));
        assertTrue(e.getMessage().contains("273 VLAN filters; the PF has 272"), e.getMessage());
        assertThrows(PfException.class, () -> driver.assign(1, settings));
        driver.release(0);
        driver.addUplinkVlan(5);
    }

    @Test
    void packetsGoToThePfsDoorbell() {
        PacketBurst burst = new PacketBurst(1);
        long at = FakeHost.GUEST;
        path.host.memory.putLong(at, 0x0200_0000_0002L);
        burst.add(at, 77, 60, PacketFlags.WHOLE);
        path.takeWrites();
        assertEquals(1, driver.uplinkTx().transmit(burst, 0, 1));
        assertEquals(List.of("d0008=00020002"), path.takeWrites());
    }

    @Test
    void refillMovesTheZonesProducers() {
        path.takeWrites();
        driver.stop();
        driver.start(0);
        assertTrue(path.takeWrites().stream().anyMatch(w -> w.startsWith("4060a0=")));
        PacketBurst burst = new PacketBurst(8);
        assertEquals(0, driver.uplinkRx().receive(burst, 8));
    }
}
