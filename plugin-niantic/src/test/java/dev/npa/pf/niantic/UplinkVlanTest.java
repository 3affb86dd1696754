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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** VLANs of the uplink share the 64 entries of VLVF with those of VFs, fact sheet §10 and §11. */
class UplinkVlanTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    /** Pool of the PF with 8 VFs. */
    private static final int PF = 1 << 8;
    private static final int LAST = 63;

    private final FakePf pf = new FakePf();
    private final IntelPfDriver driver = new IntelPfDriver(new NianticChip(), pf);

    @BeforeEach
    void start() {
        driver.start(8);
        pf.takeWrites();
    }

    private static VfSettings settings(int vlan, Set<Integer> vlans) {
        return new VfSettings(MAC, vlan, 1500, true, false, false, Set.of(), vlans, 0);
    }

    private int vlvf(int n) {
        return pf.reg(0xF100 + 4 * n);
    }

    private int vlvfb(int n) {
        return pf.reg(0xF200 + 8 * n);
    }

    private int vfta(int vlan) {
        return pf.reg(0xA000 + 4 * (vlan >> 5)) >>> (vlan & 31) & 1;
    }

    @Test
    void theMembersAreWrittenBeforeTheEntryIsEnabledAndTheBitmapIsLast() {
        driver.addUplinkVlan(100);
        assertEquals(List.of("f3f8=00000100", "f3fc=00000000", "f1fc=80000064", "a00c=00000010"), pf.takeWrites());
        driver.removeUplinkVlan(100);
        assertEquals(0, vlvf(LAST));
        assertEquals(0, vlvfb(LAST));
        assertEquals(0, vfta(100));
    }

    @Test
    void callsAreCounted() {
        driver.addUplinkVlan(100);
        driver.addUplinkVlan(100);
        driver.removeUplinkVlan(100);
        assertEquals(1, vfta(100), "one of two users is left");
        driver.removeUplinkVlan(100);
        assertEquals(0, vfta(100));
        driver.removeUplinkVlan(100);
        driver.addUplinkVlan(100);
        assertEquals(1, vfta(100), "a call too many does not count");
    }

    @Test
    void theUplinkStaysAMemberWhenTheVfLeaves() {
        driver.addUplinkVlan(100);
        driver.assign(3, settings(100, Set.of()));
        assertEquals(PF | 1 << 3, vlvfb(LAST), "both are members before the VF is active");
        driver.activate(3);
        assertEquals(PF | 1 << 3, vlvfb(LAST));
        driver.deactivate(3);
        driver.release(3);
        assertEquals(PF, vlvfb(LAST));
        assertEquals(0x8000_0064, vlvf(LAST));
        assertEquals(1, vfta(100));
    }

    @Test
    void theVfStaysAMemberWhenTheUplinkLeaves() {
        driver.assign(3, settings(0, Set.of(10)));
        driver.addUplinkVlan(10);
        driver.removeUplinkVlan(10);
        assertEquals(PF | 1 << 3, vlvfb(LAST), "looped frames still reach the uplink");
        driver.release(3);
        assertEquals(0, vlvf(LAST));
    }

    @Test
    void aFullTableIsToldAndChangesNothing() {
        for (int vlan = 1; vlan <= LAST; vlan++) {
            driver.addUplinkVlan(vlan);
        }
        pf.takeWrites();
        String text = assertThrows(PfException.class, () -> driver.addUplinkVlan(64)).getMessage();
        assertEquals("82599: all 63 VLAN filters of the port are in use; reduce the VLANs of its VMs", text);
        assertEquals(List.of(), pf.takeWrites());
        driver.addUplinkVlan(63);
        driver.assign(0, settings(0, IntStream.rangeClosed(1, 63).boxed().collect(Collectors.toSet())));
        assertEquals(PF | 1, vlvfb(1), "a VF in the same VLANs needs no entry of its own");
        driver.release(0);
        driver.removeUplinkVlan(1);
        driver.addUplinkVlan(64);
        assertEquals(0, vfta(1));
        assertEquals(1, pf.reg(0xA008) & 1, "VLAN 64");
    }

    @Test
    void anEntryThatTheUplinkWantsIsNotFreeForAVfThatLeavesIt() {
        for (int vlan = 1; vlan <= LAST; vlan++) {
            driver.addUplinkVlan(vlan);
        }
        driver.assign(0, settings(0, Set.of(1)));
        assertThrows(PfException.class, () -> driver.update(0, settings(0, Set.of(64))));
        driver.removeUplinkVlan(1);
        driver.update(0, settings(0, Set.of(64)));
        assertEquals(0, vfta(1));
    }

    @Test
    void aResetForgetsTheVlansOfTheUplink() {
        driver.addUplinkVlan(100);
        driver.stop();
        driver.start(8);
        assertEquals(0, vlvf(LAST));
        assertEquals(0, vfta(100));
    }

    @Test
    void idsOutsideTheRangeAreRefused() {
        for (int vlan : new int[] {-1, 0, 4095, 4096}) {
            String text = assertThrows(PfException.class, () -> driver.addUplinkVlan(vlan)).getMessage();
            assertTrue(text.contains(vlan + " is not in 1..4094"), text);
        }
    }
}
