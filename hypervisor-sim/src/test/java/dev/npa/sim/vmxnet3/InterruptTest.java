package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Masks, events and INTx; vmxnet3 §3, §5. */
class InterruptTest {

    private static final int DIC = 8;

    private static int ecr(Lab lab) {
        return lab.memory.getInt(Lab.SHARED + 0x2B8);
    }

    @Test
    void vectorsAreMaskedAfterResetAndWritesAreDroppedWhileQuiet() {
        Lab lab = new Lab();
        lab.bar0.write32(0, 0);
        assertEquals(1, lab.bar0.read32(0));
        lab.describe().tryActivate();
        lab.bar0.write32(0, 0);
        assertEquals(0, lab.bar0.read32(0));
        assertEquals(1, lab.bar0.read32(8 * 24));
        lab.command(0xCAFE0002);
        assertEquals(1, lab.bar0.read32(0));
    }

    @Test
    void causeForMaskedVectorFiresOnUnmaskOnce() {
        Lab lab = new Lab().describe();
        lab.tryActivate();
        lab.send(0x300000, Frames.plain(60));
        lab.run();
        assertEquals(List.of(), lab.interrupts);
        lab.bar0.write32(0, 0);
        assertEquals(List.of(0x40), lab.interrupts);
        lab.bar0.write32(0, 1);
        lab.bar0.write32(0, 0);
        assertEquals(List.of(0x40), lab.interrupts);
    }

    @Test
    void autoMaskMasksWithTheMessage() {
        Lab lab = new Lab().describe();
        lab.memory.putByte(Lab.SHARED + 0x50, (byte) 1);
        lab.activate();
        lab.send(0x300000, Frames.plain(60));
        lab.run();
        assertEquals(1, lab.bar0.read32(0));
        lab.send(0x300000, Frames.plain(60));
        lab.run();
        assertEquals(List.of(0x40), lab.interrupts);
        lab.bar0.write32(0, 0);
        assertEquals(List.of(0x40, 0x40), lab.interrupts);
    }

    @Test
    void withoutAutoMaskEachRunWithCompletionsRaises() {
        Lab lab = Lab.active();
        for (int i = 0; i < 3; i++) {
            lab.send(0x300000, Frames.plain(60));
            lab.run();
        }
        assertEquals(List.of(0x40, 0x40, 0x40), lab.interrupts);
        assertEquals(0, lab.bar0.read32(0));
    }

    @Test
    void eventsAreOredIntoEcrAndClearedByTheRegister() {
        Lab lab = Lab.active();
        assertTrue(lab.device.raiseEvents(DIC));
        assertTrue(lab.device.raiseEvents(4));
        assertEquals(DIC | 4, ecr(lab));
        assertEquals(List.of(0x42, 0x42), lab.interrupts);
        lab.bar1.write32(0x40, DIC);
        assertEquals(4, ecr(lab));
        assertEquals(0, lab.bar1.read32(0x40));
    }

    @Test
    void noEventsWithoutSharedArea() {
        Lab lab = new Lab().describe();
        assertFalse(lab.device.raiseEvents(DIC));
        lab.activate();
        lab.command(0xCAFE0001);
        assertFalse(lab.device.raiseEvents(DIC));
        assertEquals(0, ecr(lab));
        assertEquals(List.of(), lab.interrupts);
    }

    @Test
    void legacyLineDropsWhenIcrIsRead() {
        Lab lab = new Lab().describe();
        lab.device.writeConfig(0x9E, 2, 0);
        lab.activate();
        assertEquals(0, lab.bar1.read32(0x38));
        lab.device.raiseEvents(DIC);
        assertTrue(lab.device.interruptLine());
        assertEquals(1, lab.bar1.read32(0x38));
        assertEquals(0, lab.bar1.read32(0x38));
        assertFalse(lab.device.interruptLine());
        assertEquals(0, lab.bar0.read32(0), "without autoMask the mask stays open");
        assertEquals(List.of(), lab.interrupts);
    }

    @Test
    void messageForMaskedMsixEntryIsPending() {
        Lab lab = Lab.active();
        lab.bar2.write32(2 * 16 + 12, 1);
        lab.device.raiseEvents(DIC);
        assertEquals(4, lab.bar2.read32(0x1000));
        lab.bar2.write32(2 * 16 + 12, 0);
        assertEquals(List.of(0x42), lab.interrupts);
        assertEquals(0, lab.bar2.read32(0x1000));
    }
}
