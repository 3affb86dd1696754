package dev.npa.pf.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import dev.npa.pf.intel.IntelPfDriver;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** VF resets and the messages of stock VF drivers, fact sheet 4.3. */
class ServiceTest {

    private static final MacAddress MAC = MacAddress.parse("02:01:03:04:05:06");
    private static final int CTS = 0x2000_0000;
    private static final int NACK = 0x4000_0000;
    private static final int ACK = 0x8000_0000;
    private static final int STS = 16;
    private static final int VF = 3;

    private final FakeKawelaPf pf = new FakeKawelaPf();
    private final IntelPfDriver driver = new IntelPfDriver(new KawelaChip(), pf);

    @BeforeEach
    void start() {
        driver.start(7);
        driver.addUplinkAddress(MAC);
        driver.assign(VF, new VfSettings(MAC, 0, 1500, true, false, false, Set.of(), Set.of(5), 0));
    }

    private int ask(int... words) {
        pf.request(VF, words);
        driver.service(16);
        assertEquals(STS, pf.toVf[VF] & STS, "answered");
        assertFalse(pf.pfu[VF], "and let go of the buffer");
        return pf.message(VF, 0);
    }

    private int vmolr() {
        return pf.reg(0x5AD0 + 4 * VF);
    }

    @Test
    void aVfResetGetsItsSettingsAgainAndItsTrafficIfItIsActive() {
        pf.registers.put(0x370C, 99);
        pf.resetVf(VF);
        assertTrue(driver.onInterrupt(1));
        assertEquals(1, driver.service(16));
        assertEquals(0, pf.reg(0x370C), "VMVIR");
        assertEquals(0, pf.reg(0xC88));
        assertEquals(1 << 7, pf.reg(0xC8C), "not active: no traffic");
        assertEquals(0x4E50_0000, pf.message(VF, 15), "the note is there again");
        driver.activate(VF);
        pf.resetVf(VF);
        assertEquals(1, driver.service(16));
        assertEquals(1 << 7 | 1 << VF, pf.reg(0xC8C));
        assertEquals(1 << 7 | 1 << VF, pf.reg(0xC90));
        assertEquals(0, driver.service(16));
    }

    @Test
    void theBudgetIsKeptAndTheRestDoneLater() {
        for (int vf = 0; vf < 7; vf++) {
            pf.resetVf(vf);
        }
        assertEquals(3, driver.service(3));
        assertEquals(4, driver.service(16));
        assertEquals(0, driver.service(16));
    }

    @Test
    void resetAnswersWithTheAddressAndOpensTheVf() {
        driver.activate(VF);
        pf.resetVf(VF);
        pf.registers.put(0xE000 + 0x40 * 11 + 0x38, 0x1001);
        assertEquals(1 | ACK, ask(1), "without CTS");
        assertEquals(0x04030102, pf.message(VF, 1));
        assertEquals(0x0605, pf.message(VF, 2));
        assertEquals(0, pf.reg(0xE000 + 0x40 * 11 + 0x38), "head write-back off");
        assertEquals(1 << VF, pf.reg(0xC90) & 1 << VF);
        assertEquals(1 << VF, pf.reg(0xC8C) & 1 << VF, "nothing to wait for");
    }

    @Test
    void beforeResetEverythingIsNacked() {
        assertEquals(2 | NACK, ask(2, MAC.low32(), MAC.high16()));
        pf.acknowledge(VF);
        driver.service(16);
        assertEquals(NACK, pf.message(VF, 0));
        pf.request(5, 1);
        driver.service(16);
        assertEquals(1 | NACK, pf.message(5, 0), "nor is a VF served that is not assigned");
    }

    @Test
    void setMacIsGrantedForTheVmsOwnAddressOnly() {
        ask(1);
        assertEquals(2 | CTS | ACK, ask(2, MAC.low32(), MAC.high16()));
        assertEquals(2 | CTS | NACK, ask(2, MAC.low32(), MAC.high16() + 1));
        assertEquals(2 | 2 << 16 | CTS | NACK, ask(2 | 2 << 16, MAC.low32(), MAC.high16()), "no more filters");
    }

    @Test
    void framesMayBeShorterThanTheSettingsGrantNotLonger() {
        ask(1);
        assertEquals(5 | CTS | ACK, ask(5, 600));
        assertEquals(600, vmolr() & 0x3FFF);
        assertEquals(5 | CTS | NACK, ask(5, 1523));
        assertEquals(600, vmolr() & 0x3FFF);
        assertEquals(5 | CTS | ACK, ask(5, 1522));
        assertEquals(1522, vmolr() & 0x3FFF);
        assertEquals(5 | CTS | NACK, ask(5, 67));
        ask(5, 600);
        pf.resetVf(VF);
        driver.service(16);
        assertEquals(1522, vmolr() & 0x3FFF, "forgotten with the reset");
    }

    @Test
    void vlansWithinTheSettingsCanBeLeftAndEntered() {
        ask(1);
        int vlvf = 0x5D00 + 4 * 31;
        assertEquals(0x8000_0005 | 0x88 << 12, pf.reg(vlvf));
        assertEquals(4 | CTS | ACK, ask(4, 5));
        assertEquals(0, pf.reg(vlvf));
        assertEquals(4 | 1 << 16 | CTS | ACK, ask(4 | 1 << 16, 5));
        assertEquals(0x8000_0005 | 0x88 << 12, pf.reg(vlvf));
        assertEquals(4 | 1 << 16 | CTS | NACK, ask(4 | 1 << 16, 6));
        assertEquals(4 | CTS | ACK, ask(4, 0));
        driver.update(VF, new VfSettings(MAC, 9, 1500, true, false, false, Set.of(), Set.of(), 0));
        assertEquals(4 | 1 << 16 | CTS | NACK, ask(4 | 1 << 16, 5), "a port VLAN leaves no choice");
    }

    @Test
    void multicastHashesAreEnteredAndForgottenOnReset() {
        driver.activate(VF);
        ask(1);
        assertEquals(3 | 3 << 16 | CTS | ACK, ask(3 | 3 << 16, 0x0341_0020, 0x0FFF));
        assertEquals(1, pf.reg(0x5204));
        assertEquals(1 << 1, pf.reg(0x5200 + 4 * 0x1A));
        assertEquals(1 << 31, pf.reg(0x5200 + 4 * 127));
        assertEquals(1 << 25, vmolr() & 1 << 25, "ROMPE");
        pf.resetVf(VF);
        driver.service(16);
        assertEquals(0, pf.reg(0x5204));
        assertEquals(0, vmolr() & 1 << 25);
    }

    @Test
    void allMulticastIsForThoseWhoseSettingsGrantIt() {
        driver.activate(VF);
        ask(1);
        assertEquals(6 | 2 << 16 | CTS | NACK, ask(6 | 2 << 16));
        assertEquals(3 | 0x9E << 16 | CTS | NACK, ask(3 | 0x9E << 16), "more groups than hashes");
        assertEquals(6 | CTS | ACK, ask(6), "to ask for nothing is granted");
        driver.update(VF, new VfSettings(MAC, 0, 1500, true, true, false, Set.of(), Set.of(), 0));
        assertEquals(6 | 2 << 16 | CTS | ACK, ask(6 | 2 << 16));
        assertEquals(1 << 28, vmolr() & 1 << 28);
        assertEquals(6 | CTS | ACK, ask(6));
        assertEquals(0, vmolr() & 1 << 28);
        assertEquals(3 | 0x9E << 16 | CTS | ACK, ask(3 | 0x9E << 16));
        assertEquals(1 << 28, vmolr() & 1 << 28);
        assertEquals(6 | 1 << 16 | CTS | NACK, ask(6 | 1 << 16), "unicast");
    }

    @Test
    void whatIsUnknownIsNackedAndAnAnswerIsIgnored() {
        ask(1);
        for (int id : new int[] {7, 8, 9, 0xC, 0x7F}) {
            assertEquals(id | CTS | NACK, ask(id));
        }
        pf.request(VF, 1 | ACK);
        driver.service(16);
        assertEquals(32, pf.toVf[VF], "acknowledged, not answered");
    }

    @Test
    void aVfThatKeepsItsLockLosesItToTheAnswer() {
        pf.vfu[VF] = true;
        assertEquals(1 | ACK, ask(1));
        assertFalse(pf.vfu[VF]);
    }

    @Test
    void linkChangesArePassedOnToGuestsThatUseTheMailbox() {
        driver.assign(4, VfSettings.of(MacAddress.parse("02:00:00:00:00:44"), 1500));
        ask(1);
        pf.toVf[VF] = 0;
        pf.other(2);
        assertEquals(1, driver.service(16));
        assertEquals(STS, pf.toVf[VF] & STS);
        assertEquals(0x100 | CTS, pf.message(VF, 0));
        assertEquals(0, pf.toVf[4]);
    }
}
