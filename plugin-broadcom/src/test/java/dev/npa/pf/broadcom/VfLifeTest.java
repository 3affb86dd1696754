package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import dev.npa.pf.VfSettings;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From assign to release: rules of the switch, RSS, resets, offences. */
class VfLifeTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final String MAC_WORDS = "020000000001";
    private static final int DROP_ALL = 9;
    private static final int UPLINK = 5;
    /** VF 3 of 8. */
    private static final int CLIENT = 20 + 3 * 14;

    private final FakePath path = new FakePath();
    private final BroadcomPfDriver driver = new BroadcomPfDriver(path.host);
    private final VfMailbox vf = new VfMailbox(path, driver, 3);

    @BeforeEach
    void start() {
        driver.start(8);
        path.takeRamrods();
    }

    private static VfSettings settings(int vlan, Set<Integer> vlans, Set<MacAddress> multicast, boolean all) {
        return new VfSettings(MAC, vlan, 1500, true, all, false, multicast, vlans, 0);
    }

    private boolean uplinkHas(String mac) {
        return path.macs.get(UPLINK).contains(mac);
    }

    @Test
    void assignedVfIsSetUpButCarriesNothing() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, VfSettings.of(MAC, 1500));
        path.takeRamrods();
        assertEquals(0x100, path.reg(0x415718), "its channel is valid");
        assertEquals(1, path.vfReg(3, 0x9438));
        assertEquals(1, path.vfReg(3, 0x1402EC), "transmit is held");
        assertTrue(vf.bringUp(2));
        assertEquals(DROP_ALL, path.accept.get(CLIENT));
        assertEquals(List.of("0/1/1072", "0/10/1072", "0/12/1072", "0/9/1072", "0/9/1072", "0/1/1073", "0/12/1072"),
                path.takeRamrods(), "closed before there is a rule to match");
        assertEquals("[" + MAC_WORDS + "]", path.macs.get(CLIENT).toString());
        assertEquals("[0]", path.vlans.get(CLIENT).toString());
        assertTrue(uplinkHas(MAC_WORDS));
        assertEquals(1, path.vfReg(3, 0x1402EC));
    }

    @Test
    void activationMovesTheAddressAndDeactivationLetsTheVfDrain() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, settings(0, Set.of(), Set.of(), true));
        vf.bringUp(1);
        path.takeRamrods();
        driver.activate(3);
        assertEquals(List.of("0/10/1072", "0/9/1"), path.takeRamrods(), "rules only, the VF's first");
        assertEquals(0x30, path.accept.get(CLIENT));
        assertFalse(uplinkHas(MAC_WORDS));
        assertEquals(0, path.vfReg(3, 0x1402EC));
        driver.deactivate(3);
        assertEquals(DROP_ALL, path.accept.get(CLIENT));
        assertTrue(uplinkHas(MAC_WORDS));
        assertEquals("[" + MAC_WORDS + "]", path.macs.get(CLIENT).toString(), "what is in its ring still passes");
        assertEquals(0, path.vfReg(3, 0x1402EC));
        path.takeRamrods();
        driver.deactivate(3);
        assertEquals(List.of(), path.takeRamrods());
    }

    @Test
    void swapTurnsTheAddressFromOneVfToTheOther() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(1);
        driver.activate(3);
        VfMailbox second = new VfMailbox(path, driver, 4);
        driver.assign(4, VfSettings.of(MAC, 1500));
        second.bringUp(1);
        driver.activate(4);
        assertEquals(DROP_ALL, path.accept.get(CLIENT));
        assertEquals(0x20, path.accept.get(CLIENT + 14));
        assertFalse(uplinkHas(MAC_WORDS));
        driver.deactivate(3);
        assertFalse(uplinkHas(MAC_WORDS), "the VF that lost it does not give it back");
    }

    @Test
    void portVlanIsInsertedRemovedAndTheOnlyOne() {
        driver.assign(3, settings(100, Set.of(), Set.of(), false));
        vf.bringUp(1);
        byte[] client = path.clients.get(CLIENT);
        assertEquals(1, client[16 + 17], "silent removal");
        assertEquals(100, client[16 + 68]);
        assertEquals(100, client[96 + 6]);
        assertEquals(1, client[96 + 18]);
        assertEquals("[100]", path.vlans.get(CLIENT).toString());
        path.takeRamrods();
        driver.update(3, settings(0, Set.of(7, 8), Set.of(), false));
        assertEquals(0, path.last(5).u16(10));
        assertEquals(0x0100, path.last(5).u16(12));
        assertEquals("[0, 7, 8]", path.vlans.get(CLIENT).toString());
    }

    @Test
    void multicastGoesIntoBins() {
        driver.assign(3, settings(0, Set.of(), Set.of(MacAddress.parse("01:00:5e:00:00:01")), false));
        vf.bringUp(1);
        assertEquals("[109]", path.bins.get(8 + 3).toString());
        driver.update(3, settings(0, Set.of(), Set.of(MacAddress.parse("01:00:5e:00:00:fb")), false));
        assertEquals("[245]", path.bins.get(8 + 3).toString());
    }

    @Test
    void newAddressOfAnActiveVfLeavesTheOldOneToTheUplink() {
        driver.addUplinkAddress(MAC);
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(1);
        driver.activate(3);
        driver.update(3, VfSettings.of(MacAddress.parse("02:00:00:00:00:02"), 1500));
        assertEquals("[020000000002]", path.macs.get(CLIENT).toString());
        assertTrue(uplinkHas(MAC_WORDS));
        assertEquals(2, path.host.memory.getShort(VfMailbox.BULLETIN + 4), "the guest is told");
    }

    @Test
    void rssNamesOnlyQueuesThatAreSetUp() {
        RssSettings wanted = RssSettings.spread(4);
        driver.assign(3, VfSettings.of(MAC, 1500).withRss(wanted));
        assertEquals(wanted, driver.rss(3));
        vf.bringUp(2);
        FakePath.Executed rss = path.last(12);
        assertEquals(8 + 3, rss.u8(0));
        assertEquals(1, rss.u8(1));
        assertEquals(0x277, rss.u16(2));
        for (int i = 0; i < 128; i++) {
            assertEquals(CLIENT + i % 4 % 2, rss.u8(8 + i));
        }
        assertEquals(wanted.within(2), driver.rss(3));
        driver.update(3, VfSettings.of(MAC, 1500));
        assertEquals(0, path.last(12).u8(1));
        assertNull(driver.rss(3));
    }

    @Test
    void udpHashWithoutTcpIsRefused() {
        RssSettings all = RssSettings.spread(1);
        RssSettings bad = new RssSettings(EnumSet.of(RssType.UDP_IPV4, RssType.TCP_IPV6), all.key(), all.table());
        PfException e = assertThrows(PfException.class,
                () -> driver.assign(3, VfSettings.of(MAC, 1500).withRss(bad)));
        assertTrue(e.getMessage().contains("hash TCP wherever UDP is hashed"), e.getMessage());
        driver.assign(3, VfSettings.of(MAC, 1500));
    }

    @Test
    void releaseForgetsEverything() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(2);
        driver.activate(3);
        path.takeRamrods();
        driver.release(3);
        assertEquals(Set.of(4, UPLINK), path.clients.keySet());
        assertEquals(DROP_ALL, path.accept.get(CLIENT));
        assertTrue(path.macs.get(CLIENT).isEmpty());
        assertEquals(0, path.reg(0x415718));
        assertEquals(0, path.vfReg(3, 0x9438));
        assertTrue(path.takeWrites().contains("1664c4=8000000b"), "final cleanup");
        path.takeRamrods();
        driver.release(3);
        assertEquals(List.of(), path.takeRamrods());
        driver.assign(3, VfSettings.of(MAC, 1500));
        assertTrue(vf.bringUp(2), "it starts anew");
    }

    @Test
    void releaseAfterAResetDoesNotHaltWhatTheDeviceStopped() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(1);
        path.event(8, 0, 3, 0);
        path.takeRamrods();
        driver.release(3);
        assertEquals(List.of("0/7/1072", "8/4/1072"), path.takeRamrods());
        path.takeWrites();
        assertEquals(0, driver.service(10), "the event is served");
    }

    @Test
    void resetVfIsOpenedAgainAndForgetsItsQueues() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(1);
        driver.activate(3);
        path.event(0, 0, 3, vf.message.address());
        path.event(8, 0, 3, 0);
        path.vfRegisters.put("3:" + 0x9438, 0);
        vf.request(9, 12).tlv(12, 8);
        assertEquals(1, driver.service(10), "the request is older than the reset");
        assertEquals(0, vf.response(4));
        assertEquals(1, path.vfReg(3, 0x9438));
        assertEquals(0, path.vfReg(3, 0x1402EC), "it is active, so it may send");
        assertEquals(Set.of(4, UPLINK), path.clients.keySet());
        assertTrue(vf.bringUp(1));
        assertEquals(0x20, path.accept.get(CLIENT));
    }

    @Test
    void resetOfAVfThatNobodyHasIsCleanedUpButNotOpened() {
        path.event(8, 0, 6, 0);
        driver.service(10);
        assertTrue(path.takeWrites().contains("1664c4=8000000e"));
        assertEquals(0, path.reg(FakePath.CSTORM + 0x5700 + 48));
    }

    @Test
    void offenderIsLoggedCountedAndLeftAloneUntilItsReset() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(1);
        path.event(9, 0, 3 | 9 << 8, 0);
        driver.service(10);
        assertEquals(1, driver.maliciousEvents());
        assertTrue(path.host.log.get(0).contains("start BD flag not set"), path.host.log.toString());
        path.takeRamrods();
        driver.update(3, settings(0, Set.of(9), Set.of(), false));
        assertEquals(2, vf.simple(8, 3), "CLOSE fails");
        assertEquals(List.of(), path.takeRamrods());
        path.event(8, 0, 3, 0);
        driver.service(10);
        assertTrue(vf.bringUp(1));
        assertEquals("[0, 9]", path.vlans.get(CLIENT).toString());
    }

    @Test
    void spoofedFramesAreCountedOnce() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(2);
        path.errorDrops.put(CLIENT, 5);
        path.errorDrops.put(CLIENT + 1, 2);
        assertEquals(7, driver.spoofedFrames());
        path.errorDrops.put(CLIENT, 6);
        assertEquals(8, driver.spoofedFrames());
        assertEquals(8, driver.spoofedFrames());
        driver.stop();
        assertEquals(8, driver.spoofedFrames());
    }

    @Test
    void statisticsGoToTheGuestOnceASecond() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        vf.bringUp(2);
        path.host.stall(1_000_000_000);
        path.takeRamrods();
        driver.service(1);
        FakePath.Executed query = path.ramrods.get(0);
        assertEquals(6, query.command());
        assertEquals(2, query.u8(0));
        assertEquals(CLIENT + 1, query.u8(33));
        assertEquals(8 + 3, query.u16(34));
        assertEquals(FakeHost.GUEST + 0x40000 + 256, query.u64(40));
        path.takeRamrods();
        driver.service(1);
        assertEquals(List.of(), path.takeRamrods());
    }

    @Test
    void cleanupThatHangsIsReported() {
        driver.assign(3, VfSettings.of(MAC, 1500));
        path.cleanupHangs = true;
        assertTrue(assertThrows(PfException.class, () -> driver.release(3)).getMessage().contains("final cleanup"));
        path.event(8, 0, 3, 0);
        driver.service(1);
        assertTrue(path.host.log.get(0).contains("was not served"));
    }

    @Test
    void whatTheDeviceCannotDoIsRefusedBeforeItIsTouched() {
        path.takeWrites();
        VfSettings good = VfSettings.of(MAC, 1500);
        VfSettings[] bad = {
            VfSettings.of(MacAddress.parse("01:00:00:00:00:01"), 1500), VfSettings.of(MAC, 9601),
            VfSettings.of(MAC, 45), settings(4095, Set.of(), Set.of(), false),
            settings(0, Set.of(4095), Set.of(), false),
            new VfSettings(MAC, 0, 1500, true, false, true, Set.of(), Set.of(), 0),
            new VfSettings(MAC, 0, 1500, true, false, false, Set.of(), Set.of(), 100)};
        for (VfSettings settings : bad) {
            assertThrows(PfException.class, () -> driver.assign(3, settings), settings.toString());
        }
        assertThrows(PfException.class, () -> driver.assign(8, good));
        assertThrows(PfException.class, () -> driver.activate(3));
        assertEquals(List.of(), path.takeWrites());
        driver.assign(3, good);
        assertThrows(PfException.class, () -> driver.assign(3, good));
    }
}
