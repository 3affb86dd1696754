package dev.npa.pf.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfException;
import dev.npa.pf.intel.IntelPfDriver;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bring-up in order, the uplink, the hold, and back to reset. */
class StartStopTest {

    private final FakeKawelaPf pf = new FakeKawelaPf();
    private final IntelPfDriver driver = new IntelPfDriver(new KawelaChip(), pf);

    private static void inOrder(List<String> writes, String... expected) {
        List<String> rest = new ArrayList<>(writes);
        for (String e : expected) {
            int at = rest.indexOf(e);
            assertTrue(at >= 0, e + " missing or out of order");
            rest = rest.subList(at + 1, rest.size());
        }
    }

    @Test
    void theFactoryKnowsThePhysicalFunctionsOfTheSheet() {
        KawelaPfFactory factory = new KawelaPfFactory();
        assertEquals("kawela-pf", factory.name());
        for (int id : new int[] {0x10C9, 0x10E6, 0x10E7, 0x10E8, 0x1526, 0x150A, 0x1518, 0x150D}) {
            assertTrue(factory.supports(new PciIdentity(0x8086, id, 0, 0, 1)));
        }
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x10CA, 0, 0, 1)));
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x10FB, 0, 0, 1)));
        factory.create(pf);
        assertEquals(List.of(), pf.writes);
    }

    @Test
    void startDoesTheDutiesInOrder() {
        driver.start(7);
        inOrder(pf.writes, "1528=01ffffff", "00d8=ffffffff", "0000=04000000", "c168=0000", "c170=0007", "c168=0009",
                "1514=c0000011", // GPIE: PBA, EIAME, MSIX, NSICR
                "581c=40000380", // VT_CTL: replication, default pool 7
                "5818=00000005", "0c8c=00000080", "0c90=00000080", // only the PF's pool
                "5404=82005544", // adapter's own address to pool 7
                "5aec=99012416", // VMOLR 7: STRCRC MPE BAM AUPE LPE 9238
                "5af0=c0000000", // RPLOLR: copies of multicast without tag and FCS
                "3500=80007f7f", // loopback on, the VFs are spoof-checked
                "2408=00000000", // no queue drops
                "5d00=80080000", // VLAN 0: the PF
                "5600=00000001", "5004=00002416", "5000=00002300", "0400=0000000a",
                "e1e8=02010108", "c1e8=02010810", "c1d8=000003ff", "0100=04048022", "0c84=ffffffff",
                "171c=00008080", "1740=00008100", "1524=00000003", "00d0=00000104", "0018=00004000");
    }

    @Test
    void theUplinkSendsAndReceivesLikeAPlugin() {
        driver.start(3);
        PacketBurst burst = new PacketBurst(8);
        pf.machine.packet(burst, 1, TestMachine.bytes(60, 1));
        assertEquals(1, driver.uplinkTx().transmit(burst, 0, 1));
        assertEquals(1, pf.reg(0xE000 + 0x40 * 3 + 0x18), "no context before a plain packet");
        long ring = pf.reg64(0xC000 + 0x40 * 3);
        pf.machine.memory.putLong(ring + 8, 60L << 32 | 3);
        pf.machine.memory.putLong(ring, 0);
        pf.machine.memory.putLong(ring + 16, 0);
        pf.machine.memory.putLong(ring + 16 + 8, 0x2005L << 48 | 60L << 32 | 3 | 1 << 3);
        burst.clear();
        assertEquals(2, driver.uplinkRx().receive(burst, 4));
        assertEquals(PacketFlags.WHOLE, burst.flags(0));
        assertEquals(PacketFlags.WHOLE | PacketFlags.RX_VLAN, burst.flags(1), "a multicast without its tag");
        assertEquals(0x2005, burst.rxVlan(1));
    }

    @Test
    void stopLeavesTheAdapterInResetAndNothingBehind() {
        driver.start(7);
        PacketBurst burst = new PacketBurst(8);
        pf.machine.packet(burst, 1, TestMachine.bytes(60, 1));
        driver.uplinkTx().transmit(burst, 0, 1);
        pf.takeWrites();
        driver.stop();
        inOrder(pf.writes, "1528=01ffffff", "0100=04048020", "e1e8=00010108", "c1e8=00010810", "c168=0000",
                "c170=0000", "0000=04000000");
        assertEquals(List.of(), pf.machine.windows);
        assertEquals(0, pf.machine.taken.size());
        assertEquals(-1, driver.uplinkTx().reclaim(4));
        driver.start(0);
        assertEquals(1023, pf.machine.taken.size());
    }

    @Test
    void limitsAreThoseOfTheChip() {
        assertEquals(7, driver.maxVirtualFunctions(), "one of eight pools is the PF's");
        assertEquals(9216, driver.maxMtu());
        assertThrows(PfException.class, () -> driver.start(8));
        driver.start(7);
        assertEquals(2, driver.queuesPerVf());
    }

    @Test
    void aFunctionThatDoesNotAnswerIsReported() {
        pf.gone = true;
        String text = assertThrows(PfException.class, () -> driver.start(4)).getMessage();
        assertTrue(text.startsWith("82576: the physical function does not answer"), text);
    }

    @Test
    void linkSpeedsAreDecoded() {
        assertEquals(new LinkState(true, 1_000), KawelaPort.decodeLink(2 | 2 << 6));
        assertEquals(new LinkState(true, 100), KawelaPort.decodeLink(2 | 1 << 6));
        assertEquals(new LinkState(true, 10), KawelaPort.decodeLink(2));
        assertEquals(LinkState.DOWN, KawelaPort.decodeLink(2 << 6));
        assertEquals(LinkState.DOWN, KawelaPort.decodeLink(-1));
    }

    @Test
    void pauseHoldsReceiveWithoutTurningTheReceiverOff() {
        driver.start(2);
        pf.takeWrites();
        driver.pauseReceive();
        assertEquals(List.of("24f0=00000001"), pf.takeWrites());
        driver.resumeReceive();
        assertEquals(List.of("24f0=00000000"), pf.takeWrites());
        pf.neverHeld = true;
        assertThrows(PfException.class, driver::pauseReceive);
        assertEquals(0, pf.reg(0x24F0), "frames flow again after a failure");
    }

    @Test
    void anInterruptIsTheDevicesOnlyIfACauseIsSet() {
        driver.start(2);
        assertFalse(driver.onInterrupt(0));
        assertFalse(driver.onInterrupt(1));
        pf.registers.put(0x1580, 1);
        pf.other(8);
        assertTrue(driver.onInterrupt(0));
        assertFalse(driver.onInterrupt(0));
        assertTrue(driver.onInterrupt(1), "reading the causes for the other vector loses none");
        pf.other(2);
        assertEquals(1, driver.service(4), "the link");
        assertTrue(driver.onInterrupt(1), "also when service was faster");
    }
}
