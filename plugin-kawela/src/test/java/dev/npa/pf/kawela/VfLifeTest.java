package dev.npa.pf.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.pf.intel.IntelPfDriver;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From assign to release in the registers of the 82576. PF pool is 7. */
class VfLifeTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    /** VMOLR of every VF: STRCRC, STRVLAN, LPE. */
    private static final int ALWAYS = 1 << 31 | 1 << 30 | 1 << 16;
    private static final int AUPE = 1 << 24;
    private static final int ROMPE = 1 << 25;
    private static final int BAM = 1 << 27;
    private static final int MPE = 1 << 28;
    private static final int RSSE = 1 << 17;
    private static final int PF = 1 << 7;

    private final FakeKawelaPf pf = new FakeKawelaPf();
    private final IntelPfDriver driver = new IntelPfDriver(new KawelaChip(), pf);

    @BeforeEach
    void start() {
        driver.start(7);
        pf.takeWrites();
    }

    private static VfSettings settings(int vlan, Set<Integer> vlans, Set<MacAddress> multicast, boolean all, int rate) {
        return new VfSettings(MAC, vlan, 1500, true, all, false, multicast, vlans, rate);
    }

    private static VfSettings plain() {
        return settings(0, Set.of(), Set.of(), false, 0);
    }

    private int vmolr(int vf) {
        return pf.reg(0x5AD0 + 4 * vf);
    }

    private int note(int vf) {
        return pf.reg(0x800 + 64 * vf + 60);
    }

    /** Pool bits of the entry that has the address; 0 if none has. */
    private int pools() {
        for (int n = 0; n < 24; n++) {
            int ral = n < 16 ? 0x5400 + 8 * n : 0x54E0 + 8 * (n - 16);
            if (pf.reg(ral) == MAC.low32() && pf.reg(ral + 4) < 0) {
                return pf.reg(ral + 4) >>> 18 & 0xFF;
            }
        }
        return 0;
    }

    @Test
    void assignProgramsTheControlPathWithoutTraffic() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, plain());
        assertEquals(PF, pf.reg(0xC8C));
        assertEquals(PF, pf.reg(0xC90));
        assertEquals(ALWAYS | AUPE | 1522, vmolr(3), "frames as long as its MTU demands");
        assertEquals(PF, pools(), "the address stays with the uplink");
        assertEquals(0x8000_0000 | (PF | 1 << 3) << 12, pf.reg(0x5D00), "member of VLAN 0");
        assertEquals(0x4E50_0000, note(3));
    }

    @Test
    void activateOpensTheVfThenTurnsTheAddressThenBroadcast() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, plain());
        pf.takeWrites();
        driver.activate(3);
        assertEquals(List.of("0c8c=00000088", "0c90=00000088", "540c=80200100",
                String.format("5adc=%08x", ALWAYS | AUPE | BAM | 1522)), pf.takeWrites());
        driver.deactivate(3);
        assertEquals(List.of(String.format("5adc=%08x", ALWAYS | AUPE | 1522), "540c=82000100"), pf.takeWrites());
        assertEquals(PF | 1 << 3, pf.reg(0xC8C), "receive stays on so that the ring can be drained");
    }

    @Test
    void aSwapTakesTheAddressFromTheOtherVf() {
        driver.assign(1, plain());
        driver.activate(1);
        driver.assign(2, plain());
        driver.activate(2);
        assertEquals(1 << 2, pools());
        assertEquals(0, vmolr(1) & BAM, "no broadcast to the old one");
        driver.deactivate(1);
        driver.release(1);
        assertEquals(1 << 2, pools());
        driver.release(2);
        assertEquals(0, pools());
    }

    @Test
    void releaseClearsEverythingOfTheVfAndIsIdempotent() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, settings(7, Set.of(), Set.of(), true, 100));
        driver.activate(3);
        pf.resetVf(3);
        for (int q : new int[] {3, 11}) {
            pf.registers.put(0xE000 + 0x40 * q + 0x38, 0x1001);
        }
        driver.release(3);
        assertEquals(0, pf.reg(0xE000 + 0x40 * 3 + 0x38));
        assertEquals(0, pf.reg(0xE000 + 0x40 * 11 + 0x38), "the second queue is 8 further");
        assertEquals(PF, pf.reg(0xC8C));
        assertEquals(PF, pf.reg(0xC90));
        assertEquals(1 << 31, vmolr(3));
        assertEquals(0, pf.reg(0x370C));
        assertEquals(0, pf.reg(0x36B0));
        assertEquals(0, pf.reg(0x5D00 + 4 * 31), "VLAN 7 is free again");
        assertEquals(1, pf.reg(0x5600), "only VLAN 0 is left");
        assertEquals(0, pf.reg(0xC88), "the reset was its end, not a beginning");
        assertEquals(0, note(3));
        assertEquals(PF, pools(), "address back at the uplink");
        driver.release(3);
    }

    @Test
    void aPortVlanIsInsertedStrippedAndThePluginIsToldToHideIt() {
        driver.assign(3, settings(0x123, Set.of(), Set.of(), false, 0));
        assertEquals(0x4000_0123, pf.reg(0x370C), "VMVIR");
        assertEquals(0x8000_0123 | (PF | 1 << 3) << 12, pf.reg(0x5D00 + 4 * 31), "VLVF from the top, the PF too");
        assertEquals(1 << 3, pf.reg(0x5600 + 4 * 9), "VFTA");
        assertEquals(ALWAYS | 1522, vmolr(3), "no untagged frames");
        assertEquals(0x4E50_0001, note(3));
        driver.update(3, plain());
        assertEquals(0x4E50_0000, note(3));
        assertEquals(0, pf.reg(0x370C));
        assertEquals(0, pf.reg(0x5600 + 4 * 9));
    }

    @Test
    void theBitmapForgetsAVlanBeforeTheFilterDoes() {
        driver.addUplinkVlan(100);
        driver.addUplinkVlan(100);
        pf.takeWrites();
        driver.removeUplinkVlan(100);
        assertEquals(List.of(), pf.takeWrites(), "counted");
        driver.removeUplinkVlan(100);
        assertEquals(List.of("560c=00000000", "5d7c=00000000"), pf.takeWrites());
    }

    @Test
    void vlanFiltersAreCountedAndTheirEndIsTold() {
        for (int vlan = 1; vlan <= 31; vlan++) {
            driver.addUplinkVlan(vlan);
        }
        assertEquals("82576: all 31 VLAN filters of the port are in use; reduce the VLANs of its VMs",
                assertThrows(PfException.class, () -> driver.addUplinkVlan(32)).getMessage());
        driver.assign(0, settings(0, Set.of(1, 31), Set.of(), false, 0));
        assertThrows(PfException.class, () -> driver.update(0, settings(0, Set.of(40), Set.of(), false, 0)));
        driver.removeUplinkVlan(1);
        assertEquals(0x8000_0001 | (PF | 1) << 12, pf.reg(0x5D00 + 4 * 31), "the VF is still there");
    }

    @Test
    void multicastReachesAVfOnlyWhileItIsActive() {
        MacAddress group = MacAddress.parse("01:00:5e:00:12:34"); // hash 341
        driver.assign(3, settings(0, Set.of(), Set.of(group), true, 0));
        assertEquals(1 << 1, pf.reg(0x5200 + 4 * 0x1A));
        assertEquals(ALWAYS | AUPE | 1522, vmolr(3));
        driver.activate(3);
        assertEquals(ALWAYS | AUPE | BAM | ROMPE | MPE | 1522, vmolr(3));
        driver.update(3, plain());
        assertEquals(ALWAYS | AUPE | BAM | 1522, vmolr(3));
        assertEquals(0, pf.reg(0x5200 + 4 * 0x1A));
    }

    @Test
    void rateLimitsAreProgrammedForBothQueues() {
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 300));
        List<String> writes = pf.takeWrites();
        for (int q : new int[] {3, 11}) {
            int at = writes.indexOf(String.format("3604=%08x", q));
            assertEquals("3690=00000014", writes.get(at + 1));
            assertEquals(String.format("36b0=%08x", 1 << 31 | (1000 << 14) / 300), writes.get(at + 2));
        }
        assertThrows(PfException.class, () -> driver.assign(4, settings(0, Set.of(), Set.of(), false, 1001)));
    }

    @Test
    void limitsFollowTheSpeedOfTheLink() {
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 50));
        pf.registers.put(8, 1 << 6 | 2);
        pf.other(2);
        assertEquals(1, driver.service(4));
        assertEquals(1 << 31 | 2 << 14, pf.reg(0x36B0), "100 / 50");
    }

    @Test
    void spoofCheckFollowsTheSettingsButAPortVlanIsAlwaysChecked() {
        driver.assign(3, new VfSettings(MAC, 0, 1500, false, false, false, Set.of(), Set.of(), 0));
        assertEquals(0x8000_7777, pf.reg(0x3500));
        driver.update(3, new VfSettings(MAC, 9, 1500, false, false, false, Set.of(), Set.of(), 0));
        assertEquals(0x8000_7F77, pf.reg(0x3500), "a tag of another VLAN must not pass");
        driver.release(3);
        assertEquals(0x8000_7F7F, pf.reg(0x3500));
    }

    @Test
    void spoofedFramesAccumulateWhatReadingClears() {
        pf.registers.put(0x41A0, 5);
        assertEquals(5, driver.spoofedFrames());
        pf.registers.put(0x41A0, 2);
        assertEquals(7, driver.spoofedFrames());
        assertEquals(7, driver.spoofedFrames());
    }

    @Test
    void aPoolSpreadsOnlyWhileItsVfHasTwoQueues() {
        RssSettings rss = RssSettings.spread(2);
        driver.assign(3, plain().withRss(rss));
        assertEquals(rss, driver.rss(3));
        assertEquals(0x00F3_0005, pf.reg(0x5818), "all types");
        assertEquals(0x0100_0100, pf.reg(0x5C00));
        assertEquals(0xDA56_5A6D, pf.reg(0x5C80), "key bytes in order");
        assertEquals(0, vmolr(3) & RSSE, "the plugin has not asked for two queues");
        pf.registers.put(0x5480 + 12, 1 << 29);
        driver.activate(3);
        assertEquals(RSSE, vmolr(3) & RSSE);
        driver.assign(4, plain());
        pf.registers.put(0x5480 + 16, 1 << 29);
        driver.activate(4);
        assertEquals(0, vmolr(4) & RSSE);
        assertNull(driver.rss(4));
        driver.release(3);
        assertEquals(5, pf.reg(0x5818));
    }

    @Test
    void settingsTheDeviceCannotDoAreRefusedAndChangeNothing() {
        Set<Integer> many = new HashSet<>();
        for (int v = 1; v <= 32; v++) {
            many.add(v);
        }
        List<VfSettings> wrong = List.of(VfSettings.of(MacAddress.BROADCAST, 1500), VfSettings.of(MAC, 9217),
                VfSettings.of(MAC, 67), settings(4095, Set.of(), Set.of(), false, 0),
                settings(0, many, Set.of(), false, 0),
                new VfSettings(MAC, 0, 1500, true, false, true, Set.of(), Set.of(), 0));
        for (VfSettings w : wrong) {
            String text = assertThrows(PfException.class, () -> driver.assign(3, w)).getMessage();
            assertTrue(text.startsWith("82576: "), text);
        }
        assertEquals(List.of(), pf.writes);
        driver.assign(3, plain());
        assertThrows(PfException.class, () -> driver.assign(3, plain()));
    }

    @Test
    void addressFiltersAreBounded() {
        for (int i = 0; i < 23; i++) {
            driver.addUplinkAddress(new MacAddress(0x0200_0000_1000L + i));
        }
        PfException e = assertThrows(PfException.class, () -> driver.addUplinkAddress(MAC));
        assertTrue(e.getMessage().contains("24"), e.getMessage());
        assertEquals(1 << 31 | PF << 18, pf.reg(0x54E4 + 8 * 7) & ~0xFFFF, "entry 23");
        driver.removeUplinkAddress(new MacAddress(0x0200_0000_1000L));
        driver.addUplinkAddress(MAC);
    }
}
