package dev.npa.pf.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import dev.npa.pf.intel.IntelPfDriver;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** VF resets, mailbox messages, interrupts. */
class ServiceTest {

    private static final MacAddress MAC = MacAddress.parse("02:01:03:04:05:06");
    private static final int CTS = 0x2000_0000;
    private static final int NACK = 0x4000_0000;
    private static final int ACK = 0x8000_0000;
    private static final int STS = 16;

    private final FakePf pf = new FakePf();
    private final IntelPfDriver driver = new IntelPfDriver(new NianticChip(), pf);

    @BeforeEach
    void start() {
        driver.start(8);
        driver.addUplinkAddress(MAC);
        driver.assign(3, new VfSettings(MAC, 0, 1500, true, false, false, Set.of(), Set.of(5), 0));
    }

    private int ask(int... words) {
        pf.request(3, words);
        driver.service(16);
        assertEquals(STS, pf.toVf[3] & STS, "answered");
        assertFalse(pf.pfu[3], "and let go of the buffer");
        return pf.message(3, 0);
    }

    private void negotiated(int api) {
        ask(1);
        assertEquals(8 | CTS | ACK, ask(8, api));
    }

    @Test
    void aVfResetGetsItsSettingsAgainAndItsTrafficIfItIsActive() {
        pf.registers.put(0x800C, 99);
        pf.resetVf(3);
        assertTrue(driver.onInterrupt(1));
        assertEquals(1, driver.service(16));
        assertEquals(0, pf.reg(0x800C), "VMVIR");
        assertEquals(0, pf.reg(0x600));
        assertEquals(1 << 8, pf.reg(0x51E0), "not active: no traffic");
        driver.activate(3);
        pf.resetVf(3);
        assertEquals(1, driver.service(16));
        assertEquals(1 << 8 | 1 << 3, pf.reg(0x51E0));
        assertEquals(1 << 8 | 1 << 3, pf.reg(0x8110));
        assertEquals(0, driver.service(16));
    }

    @Test
    void aVfResetLeavesQueueRegistersAlone() {
        int tdwbal = 0x6000 + 0x40 * 12 + 0x38;
        pf.registers.put(tdwbal, 0x1001);
        pf.resetVf(3);
        driver.service(16);
        assertEquals(0x1001, pf.reg(tdwbal), "a plugin may have programmed it since");
    }

    @Test
    void resetsOfVfsFrom32OnAreSeen() {
        driver.stop();
        driver.start(40);
        driver.assign(35, VfSettings.of(MAC, 1500));
        driver.activate(35);
        pf.resetVf(35);
        assertEquals(1, driver.service(16));
        assertEquals(1 << 3, pf.reg(0x8114) & 1 << 3);
        assertEquals(0, pf.reg(0x1C0));
    }

    @Test
    void theBudgetIsKeptAndTheRestDoneLater() {
        for (int vf = 0; vf < 8; vf++) {
            pf.resetVf(vf);
        }
        assertEquals(3, driver.service(3));
        assertEquals(5, driver.service(16));
        assertEquals(0, driver.service(16));
    }

    @Test
    void resetAnswersWithTheAddressAndWithoutCts() {
        driver.activate(3);
        pf.registers.put(0x6000 + 0x40 * 13 + 0x38, 0x1001);
        assertEquals(1 | ACK, ask(1));
        assertEquals(0x04030102, pf.message(3, 1));
        assertEquals(0x0605, pf.message(3, 2));
        assertEquals(0, pf.message(3, 3), "filter type");
        assertEquals(0, pf.reg(0x6000 + 0x40 * 13 + 0x38), "head write-back off");
        assertEquals(1 << 3, pf.reg(0x8110) & 1 << 3);
        assertEquals(0, pf.reg(0x51E0) & 1 << 3, "receive waits for SET_LPE while the port is jumbo");
        assertEquals(8 | CTS | ACK, ask(8, 2));
        assertEquals(5 | CTS | ACK, ask(5, 1522));
        assertEquals(1 << 3, pf.reg(0x51E0) & 1 << 3);
    }

    @Test
    void beforeResetEverythingIsNacked() {
        assertEquals(8 | NACK, ask(8, 4));
        pf.acknowledge(3);
        driver.service(16);
        assertEquals(NACK, pf.message(3, 0));
    }

    @Test
    void aVfThatIsNotAssignedGetsNothing() {
        pf.request(5, 1);
        driver.service(16);
        assertEquals(1 | NACK, pf.message(5, 0));
    }

    @Test
    void apis10To13AreNegotiated() {
        ask(1);
        int[] good = {0, 2, 3, 4};
        for (int api : good) {
            assertEquals(8 | CTS | ACK, ask(8, api));
        }
        int[] bad = {1, 5, 6, 7, 8, -1};
        for (int api : bad) {
            assertEquals(8 | CTS | NACK, ask(8, api));
        }
    }

    @Test
    void setMacIsGrantedForTheVmsOwnAddressOnly() {
        negotiated(4);
        assertEquals(2 | CTS | ACK, ask(2, MAC.low32(), MAC.high16()));
        assertEquals(2 | CTS | NACK, ask(2, MAC.low32(), MAC.high16() + 1));
    }

    @Test
    void setLpeNeedsApi11AndASaneLength() {
        ask(1);
        driver.activate(3);
        assertEquals(5 | CTS | NACK, ask(5, 1518));
        assertEquals(0, pf.reg(0x51E0) & 1 << 3);
        ask(8, 4);
        assertEquals(5 | CTS | NACK, ask(5, 67));
        assertEquals(5 | CTS | NACK, ask(5, 9729));
        assertEquals(5 | CTS | ACK, ask(5, 9728));
        assertEquals(9728 << 16, pf.reg(0x4268), "raised for the port");
        assertEquals(5 | CTS | ACK, ask(5, 1518));
        assertEquals(9728 << 16, pf.reg(0x4268), "never lowered");
    }

    @Test
    void getQueuesTellsTheQueuesOfAPool() {
        negotiated(4);
        assertEquals(9 | CTS | ACK, ask(9, 0, 0, 0, 0));
        assertEquals(4, pf.message(3, 1));
        assertEquals(4, pf.message(3, 2));
        assertEquals(0, pf.message(3, 3));
        ask(8, 0);
        assertEquals(9 | CTS | NACK, ask(9, 0, 0, 0, 0));
    }

    @Test
    void vlansWithinTheSettingsCanBeLeftAndEntered() {
        negotiated(4);
        int vlvfb = 0xF200 + 8 * 63;
        assertEquals(1 << 3 | 1 << 8, pf.reg(vlvfb));
        assertEquals(4 | CTS | ACK, ask(4, 5));
        assertEquals(0, pf.reg(vlvfb));
        assertEquals(4 | 1 << 16 | CTS | ACK, ask(4 | 1 << 16, 5));
        assertEquals(1 << 3 | 1 << 8, pf.reg(vlvfb));
        assertEquals(4 | 1 << 16 | CTS | NACK, ask(4 | 1 << 16, 6));
        assertEquals(4 | CTS | ACK, ask(4, 0));
    }

    @Test
    void multicastHashesAreEnteredAndForgottenOnReset() {
        driver.activate(3);
        negotiated(4);
        assertEquals(3 | 3 << 16 | CTS | ACK, ask(3 | 3 << 16, 0x0341_0020, 0x0FFF));
        assertEquals(1, pf.reg(0x5200 + 4));
        assertEquals(1 << 1, pf.reg(0x5200 + 4 * 0x1A));
        assertEquals(1 << 31, pf.reg(0x5200 + 4 * 127));
        assertEquals(1 << 25, pf.reg(0xF00C) & 1 << 25, "ROMPE");
        assertEquals(3 | 31 << 16 | CTS | NACK, ask(3 | 31 << 16));
        pf.resetVf(3);
        driver.service(16);
        assertEquals(0, pf.reg(0x5200 + 4));
        assertEquals(0, pf.reg(0xF00C) & 1 << 25);
    }

    @Test
    void xcastModesAreLoweredToWhatTheSettingsGrant() {
        negotiated(4);
        assertEquals(0xC | CTS | ACK, ask(0xC, 2));
        assertEquals(1, pf.message(3, 1), "all-multicast is for those who may");
        assertEquals(0xC | CTS | NACK, ask(0xC, 3));
        driver.update(3, new VfSettings(MAC, 0, 1500, true, true, false, Set.of(), Set.of(), 0));
        driver.activate(3);
        assertEquals(0xC | CTS | ACK, ask(0xC, 2));
        assertEquals(2, pf.message(3, 1));
        assertEquals(1 << 28, pf.reg(0xF00C) & 1 << 28);
        ask(0xC, 0);
        assertEquals(1 << 27, pf.reg(0xF00C) & (1 << 28 | 1 << 27));
    }

    @Test
    void whatIsUnknownOrNotGrantedIsNacked() {
        negotiated(4);
        for (int id : new int[] {0xA, 0xB, 0xD, 0x11, 0x12, 0x7F, 6 | 1 << 16}) {
            assertEquals(id | CTS | NACK, ask(id));
        }
        assertEquals(6 | CTS | ACK, ask(6), "clearing no extra addresses");
        assertEquals(0x10 | CTS | ACK, ask(0x10));
        assertEquals(1, pf.message(3, 1));
    }

    @Test
    void aMessageThatIsAnAnswerIsIgnored() {
        pf.request(3, 1 | ACK);
        driver.service(16);
        assertEquals(32, pf.toVf[3], "acknowledged, not answered");
    }

    @Test
    void aVfThatKeepsItsLockLosesItToTheAnswer() {
        pf.vfu[3] = true;
        assertEquals(1 | ACK, ask(1));
        assertFalse(pf.vfu[3]);
    }

    @Test
    void linkChangesArePassedOnToGuestsThatUseTheMailbox() {
        driver.assign(4, VfSettings.of(MacAddress.parse("02:00:00:00:00:44"), 1500));
        negotiated(4);
        pf.toVf[3] = 0;
        pf.raise(20);
        assertEquals(1, driver.service(16));
        assertEquals(STS, pf.toVf[3] & STS);
        assertEquals(0x100 | CTS, pf.message(3, 0));
        assertEquals(0, pf.toVf[4]);
    }

    @Test
    void anInterruptIsTheDevicesOnlyIfACauseIsSet() {
        assertFalse(driver.onInterrupt(0));
        assertFalse(driver.onInterrupt(1));
        pf.raise(0);
        pf.raise(19);
        assertTrue(driver.onInterrupt(0));
        assertFalse(driver.onInterrupt(0));
        assertTrue(driver.onInterrupt(1), "reading the causes for the other vector loses none");
        pf.raise(19);
        driver.service(4);
        assertTrue(driver.onInterrupt(1), "also when service was faster");
    }
}
