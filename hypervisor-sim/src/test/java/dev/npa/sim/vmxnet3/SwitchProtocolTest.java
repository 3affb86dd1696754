package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The device's part of docs/switch-protocol.md. */
class SwitchProtocolTest {

    private static final int STOP_EMULATION = 0xCAFE000A;
    private static final int LOAD_PLUGIN = 0xCAFE000B;
    private static final int ACTIVATE_VF = 0xCAFE000C;

    private static Lab lab() {
        Lab lab = new Lab().describe().withPluginArea().activate();
        lab.backend.calls.clear();
        return lab;
    }

    private static void info(Lab lab, int a, int b, int c, int d) {
        lab.memory.putInt(Lab.SHARED + 0x2C0, a);
        lab.memory.putInt(Lab.SHARED + 0x2C4, b);
        lab.memory.putInt(Lab.SHARED + 0x2C8, c);
        lab.memory.putInt(Lab.SHARED + 0x2CC, d);
    }

    @Test
    void pluginAreaIsKnownFromActivationToQuiesce() {
        Lab lab = new Lab().describe().withPluginArea();
        assertEquals(0, lab.device.pluginArea());
        lab.activate();
        assertEquals(Lab.AREA, lab.device.pluginArea());
        lab.command(0xCAFE0001);
        assertEquals(0, lab.device.pluginArea());
        assertEquals(0, Lab.active().device.pluginArea());
    }

    @Test
    void commandsReachTheBackendWithTheirWordsAndReturnItsResult() {
        Lab lab = lab();
        info(lab, 1, 7, 0x89ABCDEF, 0x01234567);
        lab.backend.result = 3;
        assertEquals(3, lab.command(LOAD_PLUGIN));
        info(lab, -1, 9, 0, 0);
        lab.backend.result = 9;
        assertEquals(9, lab.command(ACTIVATE_VF));
        assertEquals(List.of("load 1 7 123456789abcdef", "activate -1 9"), lab.backend.calls);
    }

    @Test
    void commandsWithoutPluginAreaAreRefused() {
        Lab lab = Lab.active();
        lab.backend.calls.clear();
        for (int code : new int[] {STOP_EMULATION, LOAD_PLUGIN, ACTIVATE_VF}) {
            assertEquals(1, lab.command(code));
        }
        assertEquals(List.of(), lab.backend.calls);
        assertTrue(lab.device.isEmulating());
        assertEquals(3, lab.violations.count());
    }

    @Test
    void stopForgetsTheRingsAndKeepsEventsControlAndMasks() {
        Lab lab = lab();
        info(lab, 5, 0, 0, 0);
        assertEquals(0, lab.command(STOP_EMULATION));
        assertEquals(List.of("stop 5"), lab.backend.calls);
        assertFalse(lab.device.isEmulating());
        assertEquals(Lab.AREA, lab.device.pluginArea());

        lab.send(0x300000, Frames.plain(60));
        lab.rxBuffer(0, 0, 1, 0x400000, 2048, false);
        lab.port.toGuest(Frames.plain(60));
        lab.run();
        assertEquals(0, lab.port.sent.size());
        assertEquals(null, lab.rxCompletion());
        assertFalse(lab.device.receiveDrained(), "frames are kept");

        lab.bar0.write32(8 * 2, 1);
        assertTrue(lab.device.raiseEvents(8));
        assertEquals(8, lab.memory.getInt(Lab.SHARED + 0x2B8));
        assertEquals(List.of(), lab.interrupts);
        lab.bar0.write32(8 * 2, 0);
        assertEquals(List.of(0x42), lab.interrupts);
        lab.bar1.write32(0x40, 8);
        assertEquals(0, lab.memory.getInt(Lab.SHARED + 0x2B8));

        lab.memory.putInt(Lab.SHARED + 0x78, 1);
        lab.command(0xCAFE0003);
        assertFalse(lab.backend.filter.promiscuous());
        assertEquals(0, lab.command(LOAD_PLUGIN));
        assertEquals(0, lab.violations.count(), () -> lab.violations.list().toString());
    }

    @Test
    void activateAfterStopStartsTheRingsAfresh() {
        Lab lab = lab();
        for (int i = 0; i < 5; i++) {
            lab.send(0x300000, Frames.plain(60));
        }
        lab.run();
        assertEquals(0, lab.command(STOP_EMULATION));
        lab.memory.fill(Lab.TX_RING, 512, (byte) 0);
        lab.txNext = 0;
        lab.compNext = 0;
        assertEquals(0, lab.command(0xCAFE0000));
        lab.port.sent.clear();
        byte[] frame = Frames.plain(77);
        lab.send(0x300000, frame);
        lab.run();
        assertArrayEquals(frame, lab.port.takeSent());
        assertEquals(0, lab.txCompletion());
        assertEquals(-1, lab.txCompletion());
    }

    @Test
    void stopBeforeDrainIsAViolation() {
        Lab lab = lab();
        lab.port.toGuest(Frames.plain(60));
        lab.command(STOP_EMULATION);
        assertTrue(lab.violation().contains("drain"));
    }
}
