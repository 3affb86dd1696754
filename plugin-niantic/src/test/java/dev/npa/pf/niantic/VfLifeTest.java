package dev.npa.pf.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.VfSettings;
import dev.npa.pf.intel.IntelPfDriver;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From assign to release: what the switch is told, in which order. */
class VfLifeTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final int AUPE = 1 << 24;
    private static final int ROMPE = 1 << 25;
    private static final int BAM = 1 << 27;
    private static final int MPE = 1 << 28;

    private final FakePf pf = new FakePf();
    private final IntelPfDriver driver = new IntelPfDriver(new NianticChip(), pf);

    @BeforeEach
    void start() {
        driver.start(8);
        pf.takeWrites();
    }

    private static VfSettings settings(int vlan, Set<Integer> vlans, Set<MacAddress> multicast, boolean all, int rate) {
        return new VfSettings(MAC, vlan, 1500, true, all, false, multicast, vlans, rate);
    }

    private int vmolr(int vf) {
        return pf.reg(0xF000 + 4 * vf);
    }

    private int rar(int mac) {
        for (int n = 0; n < 16; n++) {
            if (pf.reg(0x5400 + 8 * n) == mac && pf.reg(0x5404 + 8 * n) < 0) {
                return n;
            }
        }
        return -1;
    }

    private long pools() {
        return pf.reg64(0xA600 + 8 * rar(MAC.low32()));
    }

    @Test
    void assignProgramsTheControlPathWithoutTraffic() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 0));
        assertEquals(1 << 8, pf.reg(0x51E0));
        assertEquals(1 << 8, pf.reg(0x8110));
        assertEquals(AUPE, vmolr(3));
        assertEquals(1 << 8, pools(), "the address stays with the uplink");
        assertEquals(1 << 8 | 1 << 3, pf.reg(0xF200), "member of VLAN 0");
        assertEquals(1 << 3, pf.reg(0x8790), "spoof drops are counted");
        assertEquals(0xFFFF, pf.reg(0x8200));
    }

    @Test
    void activateOpensTheVfThenTurnsTheAddressThenBroadcast() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 0));
        pf.takeWrites();
        driver.activate(3);
        assertEquals(List.of("51e0=00000108", "8110=00000108", "a608=00000008", "a60c=00000000", "f00c=09000000"),
                pf.takeWrites());
        driver.deactivate(3);
        assertEquals(List.of("f00c=01000000", "a608=00000100", "a60c=00000000"), pf.takeWrites());
        assertEquals(1 << 3 | 1 << 8, pf.reg(0x51E0), "receive stays on so that the ring can be drained");
        driver.deactivate(3);
        assertEquals(List.of(), pf.takeWrites());
    }

    @Test
    void theAddressIsNeverWithoutAPoolWhenTheWordChanges() {
        driver.stop();
        driver.start(40);
        driver.addUplinkAddress(MAC);
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 0));
        pf.takeWrites();
        driver.activate(3);
        assertEquals(List.of("a608=00000008", "a60c=00000000"), pf.takeWrites().subList(2, 4), "new word first");
        driver.deactivate(3);
        assertEquals(List.of("a60c=00000100", "a608=00000000"), pf.takeWrites().subList(1, 3));
    }

    @Test
    void anAddressTheUplinkNeverHadIsEnteredPoolsFirst() {
        driver.assign(0, settings(0, Set.of(), Set.of(), false, 0));
        pf.takeWrites();
        driver.activate(0);
        assertEquals(List.of("a608=00000001", "a60c=00000000", "5408=00000002", "540c=80000100"),
                pf.takeWrites().subList(2, 6));
        driver.deactivate(0);
        assertEquals(1 << 8, pools());
        driver.removeUplinkAddress(MAC);
        assertEquals(-1, rar(MAC.low32()));
    }

    @Test
    void aSwapTakesTheAddressFromTheOtherVf() {
        driver.addUplinkAddress(MAC);
        driver.assign(1, settings(0, Set.of(), Set.of(), false, 0));
        driver.activate(1);
        driver.assign(2, settings(0, Set.of(), Set.of(), false, 0));
        driver.activate(2);
        assertEquals(1 << 2, pools());
        assertEquals(AUPE, vmolr(1), "no broadcast to the old one");
        assertEquals(AUPE | BAM, vmolr(2));
        driver.deactivate(1);
        assertEquals(1 << 2, pools(), "the old one has nothing to turn back");
        driver.release(1);
        assertEquals(1 << 2, pools());
        assertEquals(1 << 8 | 1 << 2, pf.reg(0x51E0));
        driver.removeUplinkAddress(MAC);
        assertEquals(1 << 2, pools(), "the uplink lets go of what it does not have");
        driver.release(2);
        assertEquals(-1, rar(MAC.low32()));
    }

    @Test
    void releaseClearsEverythingOfTheVfAndIsIdempotent() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, settings(7, Set.of(), Set.of(), true, 100));
        driver.activate(3);
        pf.resetVf(3);
        int tdwbal = 0x6000 + 0x40 * 12 + 0x38;
        pf.registers.put(tdwbal, 0x1001);
        pf.registers.put(tdwbal + 4, 1);
        driver.release(3);
        assertEquals(0, pf.reg(tdwbal));
        assertEquals(0, pf.reg(tdwbal + 4));
        assertEquals(1 << 8, pf.reg(0x51E0));
        assertEquals(1 << 8, pf.reg(0x8110));
        assertEquals(0, vmolr(3));
        assertEquals(0, pf.reg(0x800C));
        assertEquals(0, pf.reg(0x4984));
        assertEquals(0, pf.reg(0xF1FC), "VLAN 7 is free again");
        assertEquals(1, pf.reg(0xA000), "only VLAN 0 is left");
        assertEquals(0, pf.reg(0x600), "the reset was its end, not a beginning");
        assertEquals(1 << 8, pools(), "address back at the uplink");
        driver.release(3);
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 0));
    }

    @Test
    void aPortVlanIsInsertedRemovedAndHidden() {
        driver.assign(3, settings(0x123, Set.of(), Set.of(), false, 0));
        assertEquals(0x4000_0123, pf.reg(0x800C), "VMVIR");
        assertEquals(0x8000_0123, pf.reg(0xF1FC), "VLVF from the top");
        assertEquals(1 << 3 | 1 << 8, pf.reg(0xF200 + 8 * 63), "the PF too, for frames looped back");
        assertEquals(1 << 3, pf.reg(0xA000 + 4 * 9), "VFTA");
        assertEquals(0, vmolr(3), "no untagged frames");
        assertEquals(1 << 8, pf.reg(0xF200), "not in VLAN 0");
        List<String> writes = pf.takeWrites();
        for (int q = 12; q < 16; q++) {
            String hide = String.format("2f04=%08x", 1 << 16 | q << 8 | 2);
            assertTrue(writes.contains(hide), "QDE hides the tag, queue " + q);
        }
    }

    @Test
    void guestVlansFollowTheSettings() {
        driver.assign(3, settings(0, Set.of(5), Set.of(), false, 0));
        driver.assign(4, settings(0, Set.of(5, 6), Set.of(), false, 0));
        assertEquals(1 << 3 | 1 << 4 | 1 << 8, pf.reg(0xF200 + 8 * 63));
        assertEquals(1 << 5 | 1 << 6 | 1, pf.reg(0xA000));
        driver.update(4, settings(0, Set.of(6), Set.of(), false, 0));
        assertEquals(1 << 3 | 1 << 8, pf.reg(0xF200 + 8 * 63));
        driver.release(3);
        assertEquals(1 << 6 | 1, pf.reg(0xA000));
    }

    @Test
    void multicastReachesAVfOnlyWhileItIsActive() {
        MacAddress group = MacAddress.parse("01:00:5e:00:12:34");
        driver.assign(3, settings(0, Set.of(), Set.of(group), true, 0));
        // hash 0x341: 12 >> 4 | 34 << 4
        assertEquals(1 << (0x341 & 31), pf.reg(0x5200 + 4 * (0x341 >> 5)));
        assertEquals(AUPE, vmolr(3));
        driver.activate(3);
        assertEquals(AUPE | BAM | ROMPE | MPE, vmolr(3));
        driver.update(3, settings(0, Set.of(), Set.of(), false, 0));
        assertEquals(AUPE | BAM, vmolr(3));
        assertEquals(0, pf.reg(0x5200 + 4 * (0x341 >> 5)));
    }

    @Test
    void anUpdateOfTheAddressMovesTheFilterOfAnActiveVf() {
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 0));
        driver.activate(3);
        MacAddress other = MacAddress.parse("02:00:00:00:00:99");
        driver.update(3, VfSettings.of(other, 1500));
        assertEquals(1 << 3, pf.reg(0xA600 + 8 * 2));
        assertEquals(0x8000_9900, pf.reg(0x5404 + 8 * 2));
        assertEquals(0, pf.reg(0x5404 + 8), "the old entry is gone");
    }

    @Test
    void rateLimitsAreProgrammedForEachQueue() {
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 2500));
        List<String> writes = pf.takeWrites();
        for (int q = 12; q < 16; q++) {
            int at = writes.indexOf(String.format("4904=%08x", q));
            assertEquals("4980=00000014", writes.get(at + 1));
            assertEquals("4984=80010000", writes.get(at + 2), "10000 / 2500 with 14 bits of fraction");
        }
    }

    @Test
    void spoofCheckFollowsTheSettings() {
        driver.assign(3, new VfSettings(MAC, 0, 1500, false, false, false, Set.of(), Set.of(), 0));
        assertEquals(0xF7F7, pf.reg(0x8200));
        driver.release(3);
        assertEquals(0xFFFF, pf.reg(0x8200));
    }

    @Test
    void settingsTheDeviceCannotDoAreRefusedAndChangeNothing() {
        List<VfSettings> wrong = List.of(
                VfSettings.of(MacAddress.BROADCAST, 1500), VfSettings.of(new MacAddress(0), 1500),
                VfSettings.of(MAC, 9195), VfSettings.of(MAC, 67), settings(4095, Set.of(), Set.of(), false, 0),
                settings(0, Set.of(4095), Set.of(), false, 0), settings(0, Set.of(), Set.of(), false, 10),
                settings(0, Set.of(), Set.of(), false, 10_001),
                new VfSettings(MAC, 0, 1500, true, false, true, Set.of(), Set.of(), 0));
        for (VfSettings w : wrong) {
            assertThrows(PfException.class, () -> driver.assign(3, w));
        }
        Set<Integer> many = new java.util.HashSet<>();
        for (int v = 1; v <= 64; v++) {
            many.add(v);
        }
        assertThrows(PfException.class, () -> driver.assign(3, settings(0, many, Set.of(), false, 0)));
        assertEquals(List.of(), pf.writes);
        driver.assign(3, settings(0, Set.of(), Set.of(), false, 0));
        assertThrows(PfException.class, () -> driver.assign(3, settings(0, Set.of(), Set.of(), false, 0)));
    }

    @Test
    void uplinkAddressesAreIdempotentAndBounded() {
        for (int i = 0; i < 127; i++) {
            driver.addUplinkAddress(new MacAddress(0x0200_0000_1000L + i));
        }
        driver.addUplinkAddress(new MacAddress(0x0200_0000_1000L));
        PfException e = assertThrows(PfException.class, () -> driver.addUplinkAddress(MAC));
        assertTrue(e.getMessage().contains("128"), e.getMessage());
        assertEquals(1 << 8, pf.reg(0xA600 + 8 * 127));
        assertEquals(1 << 31, pf.reg(0xA204 + 8 * 127) & 1 << 31);
        driver.removeUplinkAddress(new MacAddress(0x0200_0000_1000L));
        driver.removeUplinkAddress(new MacAddress(0x0200_0000_1000L));
        driver.addUplinkAddress(MAC);
    }

    @Test
    void spoofedFramesAccumulateWhatReadingClears() {
        pf.registers.put(0x8780, 5);
        assertEquals(5, driver.spoofedFrames());
        pf.registers.put(0x8780, 2);
        assertEquals(7, driver.spoofedFrames());
        assertEquals(7, driver.spoofedFrames());
    }
}
