package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.AccessFault;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registers and commands of BAR1; vmxnet3 §2, §4. */
class CommandTest {

    @Test
    void offersRevisionsOneAndTwoAndUptOne() {
        Lab lab = new Lab();
        assertEquals(3, lab.bar1.read32(0x00));
        assertEquals(1, lab.bar1.read32(0x08));
        lab.bar1.write32(0x00, 1);
        lab.bar1.write32(0x00, 2);
        assertEquals(0, lab.violations.count());
        lab.bar1.write32(0x00, 3);
        assertTrue(lab.violation().contains("VRRS"));
        lab.bar1.write32(0x00, 4);
        assertTrue(lab.violation().contains("VRRS"));
    }

    @Test
    void identityAndCapabilitiesAreThoseOfTheSheet() {
        Lab lab = new Lab();
        assertEquals(0x07B0_15AD, lab.device.readConfig(0, 4));
        assertEquals(0x0200_0001, lab.device.readConfig(8, 4));
        assertEquals(0x07B0_15AD, lab.device.readConfig(0x2C, 4));
        assertEquals(0x11, lab.device.readConfig(0x9C, 1));
        assertEquals(24, lab.device.readConfig(0x9E, 2) & 0x7FF);
        assertEquals(2, lab.device.readConfig(0xA0, 4));
        assertEquals(0x1002, lab.device.readConfig(0xA4, 4));
        lab.device.writeConfig(0x18, 4, -1);
        assertEquals(0xFFFF_E000, lab.device.readConfig(0x18, 4));
        assertEquals(0xFE, lab.device.readConfig(0x104, 1));
        assertEquals(0xFF, lab.device.readConfig(0x10B, 1));
    }

    @Test
    void barsDoNotAnswerWithMemoryDecodingOff() {
        Lab lab = new Lab();
        lab.device.writeConfig(4, 2, 4);
        assertEquals(-1, lab.bar1.read32(0));
        assertTrue(lab.violation().contains("memory decoding"));
        assertThrows(AccessFault.class, () -> lab.bar1.read32(0x1000));
        assertThrows(AccessFault.class, () -> lab.device.bar(3));
    }

    @Test
    void activationNeedsBusMastering() {
        Lab lab = new Lab().describe();
        lab.device.writeConfig(4, 2, 2);
        assertEquals(1, lab.tryActivate());
        lab.device.writeConfig(4, 2, 6);
        assertEquals(0, lab.tryActivate());
    }

    @Test
    void activateTwiceIsHarmless() {
        Lab lab = Lab.active();
        assertEquals(0, lab.command(0xCAFE0000));
        assertEquals(List.of("filter", "activated 1500"), lab.backend.calls);
    }

    @Test
    void quiesceKeepsTheSharedAddressAndResetForgetsIt() {
        Lab lab = Lab.active();
        lab.command(0xCAFE0001);
        assertFalse(lab.device.isEmulating());
        assertEquals(0, lab.command(0xCAFE0000));
        assertTrue(lab.device.isEmulating());
        lab.command(0xCAFE0002);
        assertEquals(1, lab.command(0xCAFE0000));
        assertTrue(lab.violation().contains("DSAL"));
        assertEquals(2, lab.backend.calls.stream().filter("deactivated"::equals).count());
    }

    @Test
    void zeroInDsalDeactivates() {
        Lab lab = Lab.active();
        lab.bar1.write32(0x10, 0);
        assertFalse(lab.device.isEmulating());
    }

    @ParameterizedTest
    @CsvSource({
        "0x000, 4, 1, magic", "0x038, 4, 59, mtu", "0x038, 4, 9001, mtu", "0x03E, 1, 0, numTxQueues",
        "0x03E, 1, 9, numTxQueues", "0x03F, 1, 17, numRxQueues", "0x051, 1, 26, numIntrs", "0x051, 1, 0, numIntrs",
        "0x052, 1, 3, eventIntrIdx", "0x034, 4, 256, queueDescLen", "0x028, 4, 0x201040, queueDescPA",
        "0x028, 4, 0x7FFF00, queueDescPA", "0x078, 4, 0x20, rxMode", "0x07C, 2, 7, mfTableLen",
        "0x010, 4, 0, vmxnet3RevSpt", "0x014, 4, 2, uptVerSpt", "0x018, 4, 2, rssConfDesc",
        "0x2A8, 4, 2, pluginConfDesc.confVer", "0x2AC, 4, 4096, pluginConfDesc.confVer",
        "0x1010, 4, 0x210010, txRingBasePA", "0x1020, 4, 0x10000000, compRingBasePA", "0x1038, 4, 31, txRingSize",
        "0x1038, 4, 8192, txRingSize", "0x1040, 4, 16, compRingSize", "0x1048, 1, 3, intrIdx",
        "0x1110, 4, 0x230004, rxRingBasePA[0]", "0x1118, 4, 1, rxRingBasePA[1]", "0x1138, 4, 0, rxRingSize[0]",
        "0x113C, 4, 48, rxRingSize[1]", "0x1140, 4, 32, compRingSize", "0x1148, 1, 200, intrIdx",
    })
    void malformedFieldFailsActivationAndIsNamed(String offset, int width, String value, String field) {
        Lab lab = new Lab().describe();
        long at = Lab.SHARED + Integer.decode(offset);
        int v = Integer.decode(value);
        if (width == 4) {
            lab.memory.putInt(at, v);
        } else if (width == 2) {
            lab.memory.putShort(at, (short) v);
        } else {
            lab.memory.putByte(at, (byte) v);
        }
        assertEquals(1, lab.tryActivate());
        assertTrue(lab.violation().contains(field), lab.violation());
        assertFalse(lab.device.isEmulating());
        assertEquals(List.of(), lab.backend.calls);
    }

    @Test
    void getCommandsAnswerInTheCommandRegister() {
        Lab lab = Lab.active();
        assertEquals(10_000 << 16 | 1, lab.command(0xF00D0002));
        lab.backend.link = LinkState.DOWN;
        assertEquals(0, lab.command(0xF00D0002));
        assertEquals(0x00000002, lab.command(0xF00D0003));
        assertEquals(0x0A00, lab.command(0xF00D0004));
        assertEquals(0x07B0, lab.command(0xF00D0005));
        assertEquals(1, lab.command(0xF00D0006));
        lab.backend.passthrough = true;
        assertEquals(0xFFFF, lab.command(0xF00D0005));
        assertEquals(0xFFFF, lab.command(0xF00D0006));
        assertEquals(0, lab.command(0xF00D0007));
        assertEquals(0, lab.command(0xF00D0008));
        assertEquals(1, lab.command(0xF00D0009));
        assertEquals(0, lab.violations.count());
    }

    @Test
    void unknownCommandsAndRegistersAreIgnoredAndRecorded() {
        Lab lab = new Lab();
        for (int code : new int[] {0xDEADBEEF, 0xCAFE0010, 0xF00D000A}) {
            lab.command(0xF00D0009);
            assertEquals(0, lab.command(code));
            assertTrue(lab.violation().contains(Integer.toHexString(code)));
        }
        assertEquals(0, lab.bar1.read32(0x48));
        lab.bar1.write32(0xF00, 1);
        assertEquals(0, lab.bar0.read32(0x4));
        lab.bar0.write32(0xFF0, 1);
        assertEquals(0, lab.bar2.read32(0x800));
        assertEquals(3 + 5, lab.violations.count());
    }

    @Test
    void addressIsStagedUntilMach() {
        Lab lab = new Lab();
        MacAddress wanted = MacAddress.parse("02:11:22:33:44:55");
        lab.bar1.write32(0x28, wanted.low32());
        assertEquals(Lab.MAC.low32(), lab.bar1.read32(0x28));
        lab.bar1.write32(0x30, wanted.high16());
        assertEquals(wanted.low32(), lab.bar1.read32(0x28));
        assertEquals(wanted.high16(), lab.bar1.read32(0x30));
        assertEquals(wanted, lab.port.mac());
        assertEquals(List.of("mac " + wanted), lab.backend.calls);
        lab.describe().activate();
        assertEquals(wanted, lab.port.mac(), "activation keeps the address");
        assertEquals(Lab.MAC.low32(), lab.command(0xF00D0003));
    }

    @Test
    void refusedAddressStaysAsItWas() {
        Lab lab = new Lab();
        lab.backend.acceptMac = false;
        lab.bar1.write32(0x28, 0x22222202);
        lab.bar1.write32(0x30, 0x2222);
        assertEquals(Lab.MAC.low32(), lab.bar1.read32(0x28));
        assertEquals(Lab.MAC, lab.port.mac());
        lab.bar1.write32(0x28, 0x00000001);
        lab.bar1.write32(0x30, 0);
        assertTrue(lab.violation().contains("MACL"));
        assertEquals(1, lab.backend.calls.size(), "a group address does not even reach the policy");
    }

    @Test
    void powerOnForgetsEverything() {
        Lab lab = Lab.active();
        lab.bar1.write32(0x28, 0x22222202);
        lab.bar1.write32(0x30, 0x2222);
        lab.device.powerOn();
        assertFalse(lab.device.isEmulating());
        assertEquals(Lab.MAC, lab.port.mac());
        assertEquals(0, lab.device.readConfig(4, 2));
        assertEquals(-1, lab.bar1.read32(0x20));
    }
}
