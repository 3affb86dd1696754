package dev.npa.pf.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfException;
import dev.npa.pf.VfSettings;
import dev.npa.pf.intel.IntelPfDriver;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bring-up in the order of the duties, and back. */
class PfStartStopTest {

    private final FakePf pf = new FakePf();
    private final IntelPfDriver driver = new IntelPfDriver(new NianticChip(), pf);

    private static void inOrder(List<String> writes, String... expected) {
        List<String> rest = new ArrayList<>(writes);
        for (String e : expected) {
            int at = rest.indexOf(e);
            assertTrue(at >= 0, e + " missing or out of order in " + rest);
            rest = rest.subList(at + 1, rest.size());
        }
    }

    @Test
    void theFactoryKnowsThePhysicalFunctionsOfTheSheet() {
        NianticPfFactory factory = new NianticPfFactory();
        assertEquals("niantic-pf", factory.name());
        assertTrue(factory.supports(new PciIdentity(0x8086, 0x10FB, 0, 0, 1)));
        assertTrue(factory.supports(new PciIdentity(0x8086, 0x1517, 0, 0, 1)));
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x10ED, 0, 0, 1)));
        assertFalse(factory.supports(new PciIdentity(0x8087, 0x10FB, 0, 0, 1)));
        factory.create(pf);
        assertEquals(List.of(), pf.writes);
    }

    @Test
    void startDoesTheDutiesInOrder() {
        driver.start(8);
        inOrder(pf.writes, "0888=7fffffff", "0000=04000000", "c168=0000", "c170=0008", "c168=0009",
                "0898=c0008010", // GPIE: MSI-X, EIAME, PBA, 32 pools
                "11050=80000002", "51b0=40000401", "5818=0000000a", "4900=00000040", "8120=0000000a", "4900=00000000",
                "51e0=00000100", "8110=00000100", // only the PF's pool
                "a600=00000100", // adapter's own address to the PF
                "f020=19000000", "8200=0000ffff", "8220=00000001",
                "f200=00000100", // VLAN 0: the PF
                "4268=24000000", "4a88=0f760ff6", "4a8c=00000f7f", "4a80=00000001",
                "6838=00000000", "6828=02000120", "1828=02000000", "1818=000003ff",
                "8d00=00000002", "3000=00000001", "8d00=00000000", "0018=00004000");
    }

    @Test
    void moreThan31VfsMeans64Pools() {
        driver.start(63);
        assertEquals(0xC000C010, pf.reg(0x898));
        assertEquals(0x80000003, pf.reg(0x11050));
        assertEquals(0xB, pf.reg(0x5818));
        assertEquals(0x6, pf.reg(0x8120));
        assertEquals(-1, pf.reg(0x894));
        assertEquals(0x40000001 | 63 << 7, pf.reg(0x51B0));
        assertEquals(1 << 31, pf.reg(0x51E4));
        assertEquals(0, pf.reg(0x51E0));
        assertEquals(1024 * 16, pf.reg(0xD000 + 0x40 * (126 - 64) + 8), "queue 126 is beyond the first 64");
        assertEquals(1024 * 16, pf.reg(0x6000 + 0x40 * 126 + 8));
        assertEquals(0x7F7F, pf.reg(0x8200 + 4 * 7), "the PF's own pool is not spoof-checked");
    }

    @Test
    void theUplinkSendsAndReceivesLikeAPlugin() {
        driver.start(8);
        PacketBurst burst = new PacketBurst(8);
        pf.machine.packet(burst, 1, TestMachine.bytes(60, 1));
        assertEquals(1, driver.uplinkTx().transmit(burst, 0, 1));
        assertEquals(2, pf.reg(0x6000 + 0x40 * 32 + 0x18), "context and packet");
        long ring = pf.reg64(0x1000 + 0x40 * 32);
        pf.machine.memory.putLong(ring + 8, 60L << 32 | 3);
        assertEquals(1, driver.uplinkRx().receive(burst, 4));
        assertEquals(2, burst.size());
    }

    @Test
    void stopLeavesTheAdapterInResetAndNothingBehind() {
        driver.start(8);
        PacketBurst burst = new PacketBurst(8);
        pf.machine.packet(burst, 1, TestMachine.bytes(60, 1));
        driver.uplinkTx().transmit(burst, 0, 1);
        pf.takeWrites();
        driver.stop();
        inOrder(pf.writes, "0888=7fffffff", "8d00=00000002", "3000=00000000", "6828=00000120", "1828=00000000",
                "c168=0000", "c170=0000", "0000=04000000");
        assertEquals(List.of(), pf.machine.windows);
        assertEquals(0, pf.machine.taken.size());
        assertEquals(-1, driver.uplinkTx().reclaim(4));
        driver.stop();
        driver.start(0);
        assertEquals(1023, pf.machine.taken.size());
    }

    @Test
    void aFailedStartLeavesNothingBehind() {
        pf.receiveNeverRests = true;
        PfException e = assertThrows(PfException.class, () -> driver.start(4));
        assertTrue(e.getMessage().contains("0x8d04"), e.getMessage());
        assertEquals(0, pf.readConfig(FakePf.SRIOV + 8, 2));
        assertEquals(List.of(), pf.machine.windows);
        assertEquals(0, pf.machine.taken.size());
        pf.receiveNeverRests = false;
        driver.start(4);
    }

    @Test
    void aFunctionThatDoesNotAnswerIsReported() {
        pf.gone = true;
        assertTrue(assertThrows(PfException.class, () -> driver.start(4)).getMessage().contains("does not answer"));
    }

    @Test
    void callsOutsideTheLifeOfTheDriverAreRefused() {
        VfSettings settings = VfSettings.of(MacAddress.parse("02:00:00:00:00:01"), 1500);
        assertThrows(PfException.class, () -> driver.assign(0, settings));
        assertThrows(PfException.class, driver::pauseReceive);
        assertThrows(PfException.class, driver::uplinkTx);
        assertThrows(PfException.class, () -> driver.start(64));
        assertThrows(PfException.class, () -> driver.start(-1));
        assertEquals(List.of(), pf.writes);
        assertEquals(63, driver.maxVirtualFunctions());
        assertEquals(9194, driver.maxMtu());
        driver.start(2);
        assertThrows(PfException.class, () -> driver.start(2));
        assertThrows(PfException.class, () -> driver.assign(2, settings));
        assertThrows(PfException.class, () -> driver.activate(0));
        assertThrows(PfException.class, () -> driver.deactivate(0));
    }

    @Test
    void aFunctionWithoutSriovIsReported() {
        pf.config[0x150 / 4] = 0x000E;
        assertTrue(assertThrows(PfException.class, () -> driver.start(1)).getMessage().contains("SR-IOV"));
    }

    @Test
    void linkSpeedsAreDecoded() {
        assertEquals(new LinkState(true, 10_000), NianticPort.decodeLink(1 << 30 | 3 << 28));
        assertEquals(new LinkState(true, 1_000), NianticPort.decodeLink(1 << 30 | 2 << 28));
        assertEquals(new LinkState(true, 100), NianticPort.decodeLink(1 << 30 | 1 << 28));
        assertEquals(LinkState.DOWN, NianticPort.decodeLink(3 << 28));
        assertEquals(LinkState.DOWN, NianticPort.decodeLink(-1));
    }

    @Test
    void pauseHoldsReceiveUntilItIsReadyAndResumes() {
        driver.start(2);
        pf.takeWrites();
        driver.pauseReceive();
        assertEquals(List.of("8d00=00000002"), pf.takeWrites());
        driver.resumeReceive();
        assertEquals(List.of("8d00=00000000"), pf.takeWrites());
        pf.receiveNeverRests = true;
        assertThrows(PfException.class, driver::pauseReceive);
        assertEquals(0, pf.reg(0x8D00), "frames flow again after a failure");
    }
}
