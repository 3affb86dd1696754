package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bring-up and its end: order, layout, what happens when the device does not play along. */
class PfStartStopTest {

    private final FakePath path = new FakePath();
    private final BroadcomPfDriver driver = new BroadcomPfDriver(path.host);

    private static int indexOf(List<String> writes, String prefix) {
        for (int i = 0; i < writes.size(); i++) {
            if (writes.get(i).startsWith(prefix)) {
                return i;
            }
        }
        throw new AssertionError(prefix + " is not in " + writes);
    }

    @Test
    void functionStartsBeforeItsClientsAndVfsAreEnabledLast() {
        driver.start(8);
        assertEquals(List.of("8/1/0", "0/1/0", "0/1/1", "0/9/1", "0/9/1", "0/10/1"), path.takeRamrods());
        List<String> writes = path.takeWrites();
        int msix = indexOf(writes, "v0:00061c=0000000d");
        int enable = indexOf(writes, "c1c8=0009");
        assertTrue(indexOf(writes, "1701a0=00000400") < msix);
        assertTrue(msix < enable, "the MSI-X size counts for VFs that are enabled afterwards");
        assertTrue(indexOf(writes, "c1d0=0008") < enable);
        for (String doorbells : List.of("1701a8=00000000", "1701ec=00000006", "1701a4=00000004", "1701f4=00000003",
                "170340=00000040")) {
            assertTrue(writes.contains(doorbells), doorbells);
        }
        assertTrue(writes.stream().anyMatch(w -> w.startsWith("442000=0120")), "the slow path's block is enabled");
    }

    @Test
    void vfsShareTheBlocksThatAreLeft() {
        driver.start(8);
        assertEquals(14, driver.queuesPerVf());
        assertEquals(1 | 0 << 1 | 0 << 7, path.reg(0x131000 + 4 * 20));
        assertEquals(1 | 13 << 1 | 7 << 7, path.reg(0x131000 + 4 * (20 + 8 * 14 - 1)));
        assertEquals(0, path.reg(0x131000 + 4 * (20 + 8 * 14)));
        driver.stop();
        assertEquals(0, path.reg(0x131000 + 4 * 20));
        driver.start(64);
        assertEquals(1, driver.queuesPerVf());
        driver.stop();
        driver.start(2);
        assertEquals(16, driver.queuesPerVf());
    }

    @Test
    void secondOfTwoFunctionsHasItsOwnPlaces() {
        path.config[(FakePath.SRIOV + 0x0C) / 4] = 32 << 16 | 32;
        path.registers.put(0x450000, 1 << 16 | 1);
        path.registers.put(0x624, 4);
        PathLayout layout = new PathLayout(1, 2, 32, 32);
        assertEquals(32, driver.maxVirtualFunctions());
        assertEquals(9, layout.uplinkClient());
        assertEquals(1, layout.queuesPerVf());
        assertEquals(20 + 58, layout.firstBlock(0));
        assertEquals(8 + 33, layout.functionOf(1));
        assertEquals(1024 + 16 * 33, layout.cid(1, 0));
        assertEquals(1, layout.indexOf(33));
        assertEquals(-1, layout.indexOf(31));
        assertEquals(136, layout.credits());
    }

    @Test
    void uplinkIsAClientWithoutRulesOfOthers() {
        driver.start(4);
        byte[] client = path.clients.get(5);
        assertEquals(4, client[5], "ramrods complete on the leading queue");
        assertEquals(9600, client[6] & 0xFF | (client[7] & 0xFF) << 8);
        assertEquals(5, client[16 + 6]);
        assertEquals(1, client[96 + 4], "TX switching");
        assertEquals("[001018000001]", path.macs.get(5).toString());
        assertEquals("[0]", path.vlans.get(5).toString());
        assertEquals(0x30, path.accept.get(5));
        assertTrue(path.reg(0x406000 + 32 * 5) >>> 16 >= 1023, "receive buffers are posted");
        assertTrue(path.host.taken.size() >= 1023);
    }

    @Test
    void stopLeavesNothingBehind() {
        driver.start(8);
        path.takeRamrods();
        driver.stop();
        assertEquals(List.of("0/10/1", "0/9/1", "0/9/1", "0/2/1", "0/7/1", "8/4/1", "0/2/0", "0/7/0", "8/4/0",
                "8/2/0"), path.takeRamrods());
        assertTrue(path.clients.isEmpty());
        assertEquals(0, path.config[(FakePath.SRIOV + 8) / 4] & 1);
        assertEquals(0, path.reg(FakePath.CSTORM + 0x11A8));
        assertEquals(List.of(), path.host.windows);
        assertEquals(0, path.host.taken.size());
        driver.stop();
        driver.start(1);
    }

    @Test
    void ramrodThatIsRefusedOrNeverEndsMakesStartFailCleanly() {
        for (int command : new int[] {8 * 256 + 1, 1, 9}) {
            path.refused.add(command);
            PfException e = assertThrows(PfException.class, () -> driver.start(4));
            assertTrue(e.getMessage().contains("refused ramrod " + (command & 255)), e.getMessage());
            path.refused.clear();
            path.mute.add(command);
            PfException f = assertThrows(PfException.class, () -> driver.start(4));
            assertTrue(f.getMessage().contains("did not complete within 200 ms"), f.getMessage());
            path.mute.clear();
            assertEquals(List.of(), path.host.windows);
            assertEquals(0, path.host.taken.size());
            assertEquals(0, path.reg(FakePath.CSTORM + 0x11A8), "the function is disabled");
        }
        driver.start(4);
    }

    @Test
    void shortMemoryMakesStartFailCleanly() {
        for (int count = 0; count < 12; count++) {
            path.host.allowAllocations(count);
            assertThrows(RuntimeException.class, () -> driver.start(4));
            assertEquals(List.of(), path.host.windows, "after " + count + " allocations");
        }
    }

    @Test
    void deviceThatIsGoneOrAnotherChipIsRefused() {
        path.gone = true;
        assertTrue(assertThrows(PfException.class, () -> driver.start(0)).getMessage().contains("does not answer"));
        path.gone = false;
        path.registers.put(0xA408, 0x168E);
        assertTrue(assertThrows(PfException.class, () -> driver.start(0)).getMessage().contains("chip 0x168e"));
    }

    @Test
    void callsBeforeStartAreRefused() {
        assertThrows(PfException.class, () -> driver.queuesPerVf());
        assertThrows(PfException.class, () -> driver.uplinkTx());
        assertThrows(PfException.class, () -> driver.start(65));
        assertEquals(0, driver.service(10));
        assertFalse(driver.onInterrupt(0));
        driver.start(1);
        assertThrows(PfException.class, () -> driver.start(1));
    }

    @Test
    void linkIsThePorts() {
        driver.start(0);
        assertEquals(new LinkState(true, 10_000), driver.link());
        path.registers.put(0x10328, 0);
        assertEquals(LinkState.DOWN, driver.link());
    }

    @Test
    void receiveIsHeldUntilThePortIsIdleAndReleasedIfItNeverIs() {
        driver.start(0);
        driver.pauseReceive();
        assertEquals(1, path.reg(0x601F0));
        driver.resumeReceive();
        assertEquals(0, path.reg(0x601F0));
        path.holdHangs = true;
        assertThrows(PfException.class, () -> driver.pauseReceive());
        assertEquals(0, path.reg(0x601F0));
    }

    @Test
    void interruptIsTheSlowPathsAndIsAcknowledged() {
        driver.start(1);
        driver.onInterrupt(0);
        assertFalse(driver.onInterrupt(0), "nothing happened since");
        path.link(false);
        path.takeWrites();
        assertTrue(driver.onInterrupt(0));
        assertEquals(1, path.takeWrites().stream().filter(w -> w.startsWith("442000=012")).count());
        assertFalse(driver.onInterrupt(1));
    }

    @Test
    void factoryKnowsItsDevices() {
        BroadcomPfFactory factory = new BroadcomPfFactory();
        assertTrue(factory.supports(new PciIdentity(0x14E4, 0x1662, 0, 0, 0)));
        assertTrue(factory.supports(new PciIdentity(0x14E4, 0x1663, 0, 0, 0)));
        assertFalse(factory.supports(new PciIdentity(0x14E4, 0x166F, 0, 0, 0)));
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x1662, 0, 0, 0)));
    }
}
