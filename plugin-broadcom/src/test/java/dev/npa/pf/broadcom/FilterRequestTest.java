package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import dev.npa.pf.VfSettings;
import dev.npa.pf.broadcom.hsi.Mac48;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a driver that programs its own filters may have: never more than the hypervisor's settings. */
class FilterRequestTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress GROUP = MacAddress.parse("01:00:5e:00:00:01");
    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;
    private static final int CLIENT = 20;
    private static final int SET = 0x100;

    private final FakePath path = new FakePath();
    private final BroadcomPfDriver driver = new BroadcomPfDriver(path.host);
    private final VfMailbox vf = new VfMailbox(path, driver, 0);

    @BeforeEach
    void start() {
        driver.start(8);
    }

    private void bringUp(int vlan, Set<Integer> vlans, Set<MacAddress> multicast, boolean allMulticast) {
        driver.assign(0, new VfSettings(MAC, vlan, 1500, true, allMulticast, false, multicast, vlans, 0));
        assertTrue(vf.bringUp(2));
        driver.activate(0);
    }

    private DmaMemory filters(int flags, int count, int groups) {
        vf.request(4, 596);
        vf.message.putInt(8, flags);
        vf.message.putByte(13, (byte) count);
        vf.message.putByte(14, (byte) groups);
        return vf.message;
    }

    private int mac(MacAddress mac, boolean set) {
        DmaMemory m = filters(1, 1, 0);
        m.putInt(16, 1 | (set ? SET : 0));
        Mac48.putBytes(m, 20, mac);
        return vf.send();
    }

    private int vlan(int vlan, boolean set) {
        DmaMemory m = filters(1, 1, 0);
        m.putInt(16, 2 | (set ? SET : 0));
        m.putShort(26, (short) vlan);
        return vf.send();
    }

    private int mask(int mask) {
        filters(4, 0, 0).putInt(592, mask);
        return vf.send();
    }

    @Test
    void onlyTheVmsAddressIsTaken() {
        bringUp(0, Set.of(), Set.of(), false);
        assertEquals(FAILURE, mac(MacAddress.parse("02:00:00:00:00:66"), true));
        assertEquals(SUCCESS, mac(MAC, false));
        assertTrue(path.macs.get(CLIENT).isEmpty());
        assertEquals(SUCCESS, mac(MAC, true));
        assertEquals("[020000000001]", path.macs.get(CLIENT).toString());
    }

    @Test
    void onlyTheVmsVlansAreTaken() {
        bringUp(0, Set.of(7), Set.of(), false);
        assertEquals(FAILURE, vlan(8, true));
        assertEquals(SUCCESS, vlan(7, false));
        assertEquals(Set.of(0), path.vlans.get(CLIENT));
        assertEquals(SUCCESS, vlan(0, false));
        assertEquals(SUCCESS, vlan(7, true));
        assertEquals(Set.of(7), path.vlans.get(CLIENT));
    }

    @Test
    void vlanFiltersAreRefusedUnderAPortVlan() {
        bringUp(100, Set.of(), Set.of(), false);
        assertEquals(FAILURE, vlan(100, true));
        assertEquals(FAILURE, vlan(0, false));
        assertEquals(Set.of(100), path.vlans.get(CLIENT));
    }

    @Test
    void promiscuousIsNeverGrantedAndNothingMeansNothing() {
        bringUp(0, Set.of(), Set.of(), false);
        assertEquals(SUCCESS, mask(0));
        assertEquals(9, path.accept.get(CLIENT));
        assertEquals(SUCCESS, mask(0x3F));
        assertEquals(0x20, path.accept.get(CLIENT), "matched unicast, matched multicast, broadcast");
    }

    @Test
    void allMulticastIsTheHypervisorsToGive() {
        bringUp(0, Set.of(), Set.of(), true);
        assertEquals(SUCCESS, mask(0x13));
        assertEquals(0x30, path.accept.get(CLIENT));
    }

    @Test
    void multicastIsTakenFromTheSettings() {
        bringUp(0, Set.of(), Set.of(GROUP), false);
        assertEquals(Set.of(109), path.bins.get(8));
        filters(2, 0, 0);
        assertEquals(SUCCESS, vf.send());
        assertEquals(Set.of(), path.bins.get(8));
        DmaMemory m = filters(2, 0, 2);
        Mac48.putBytes(m, 400, GROUP);
        Mac48.putBytes(m, 406, MacAddress.parse("01:00:5e:00:00:fb"));
        assertEquals(SUCCESS, vf.send());
        assertEquals(Set.of(109), path.bins.get(8));
    }

    @Test
    void filtersWaitForInitAndMustBeWhole() {
        driver.assign(0, VfSettings.of(MAC, 1500));
        assertEquals(SUCCESS, vf.acquire(1));
        assertEquals(FAILURE, mask(1));
        vf.init();
        filters(1, 33, 0);
        assertEquals(FAILURE, vf.send());
        filters(2, 0, 33);
        assertEquals(FAILURE, vf.send());
    }

    private DmaMemory rss(int flags) {
        DmaMemory m = vf.request(16, 184).message;
        m.putInt(8, flags);
        m.putByte(12, (byte) 0x7F);
        m.putByte(13, (byte) 128);
        m.putByte(14, (byte) 10);
        for (int i = 0; i < 128; i++) {
            m.putByte(16 + i, (byte) (CLIENT + i % 2));
        }
        for (int i = 0; i < 40; i++) {
            m.putByte(144 + i, (byte) i);
        }
        return m;
    }

    @Test
    void guestMayChooseRssWhereTheHypervisorDoesNot() {
        bringUp(0, Set.of(), Set.of(), false);
        assertNull(driver.rss(0));
        rss(2 | 4 | 0x8 | 0x10 | 0x80);
        assertEquals(SUCCESS, vf.send());
        RssSettings now = driver.rss(0);
        assertEquals(EnumSet.of(RssType.IPV4, RssType.TCP_IPV4, RssType.TCP_IPV6), now.types());
        assertEquals(39, now.key()[39]);
        assertEquals(1, now.table()[1]);
        FakePath.Executed update = path.last(12);
        assertEquals(CLIENT + 1, update.u8(9));
        assertEquals(39, update.u8(136), "byte-reversed");
        rss(1);
        assertEquals(SUCCESS, vf.send());
        assertNull(driver.rss(0));
    }

    @Test
    void impossibleRssIsRefused() {
        bringUp(0, Set.of(), Set.of(), false);
        rss(2 | 0x20);
        assertEquals(FAILURE, vf.send(), "UDP without TCP");
        rss(2 | 0x10).putByte(16 + 5, (byte) (CLIENT + 2));
        assertEquals(FAILURE, vf.send(), "a client of another VF");
        rss(2 | 0x10).putByte(13, (byte) 64);
        assertEquals(FAILURE, vf.send(), "another size");
        driver.update(0, VfSettings.of(MAC, 1500).withRss(RssSettings.spread(2)));
        rss(2 | 0x10);
        assertEquals(FAILURE, vf.send(), "the hypervisor chose");
    }

    @Test
    void tpaIsPassedOnWithinTheFirmwaresLimits() {
        bringUp(0, Set.of(), Set.of(), false);
        DmaMemory m = vf.request(18, 152).message;
        m.putLong(8, 0x1_2345_6000L);
        m.putByte(136, (byte) 1);
        m.putByte(138, (byte) 8);
        m.putByte(139, (byte) 3);
        m.putShort(144, (short) 2048);
        assertEquals(SUCCESS, vf.send());
        FakePath.Executed update = path.last(8);
        assertEquals(CLIENT + 1, update.u8(2), "both queues");
        assertEquals(8, update.u8(3));
        m = vf.request(18, 152).message;
        m.putByte(138, (byte) 9);
        assertEquals(FAILURE, vf.send());
    }
}
