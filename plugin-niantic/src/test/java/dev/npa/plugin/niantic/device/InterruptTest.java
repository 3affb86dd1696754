package dev.npa.plugin.niantic.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.intel.testing.Rig;
import org.junit.jupiter.api.Test;

/** Masking, acknowledging, and that no wake-up is lost. */
class InterruptTest {

    private final Rig rig = new Rig(new NianticFactory()).running();

    @Test
    void interruptsStayMaskedUntilTheyAreEnabled() {
        rig.device.raise(0);
        assertEquals(0, rig.device.messages);
        rig.plugin.enableInterrupt(0);
        assertEquals(1, rig.device.messages, "work that arrived in the meantime raises it at once");
        assertTrue(rig.plugin.onInterrupt(0));
    }

    @Test
    void aFiredVectorIsMaskedAndReportedOnce() {
        rig.plugin.enableInterrupt(0);
        rig.device.raise(0);
        assertTrue(rig.plugin.onInterrupt(0));
        assertFalse(rig.plugin.onInterrupt(0));
        rig.device.raise(0);
        assertEquals(1, rig.device.messages, "masked until enabled again");
        rig.plugin.enableInterrupt(0);
        assertEquals(2, rig.device.messages);
        assertTrue(rig.plugin.onInterrupt(0));
    }

    @Test
    void aVectorThatDidNotFireIsSpuriousAndStaysEnabled() {
        rig.plugin.enableInterrupt(0);
        rig.plugin.enableInterrupt(1);
        rig.device.raise(1);
        assertFalse(rig.plugin.onInterrupt(0));
        assertTrue(rig.plugin.onInterrupt(1));
        rig.device.raise(0);
        assertEquals(2, rig.device.messages);
        assertTrue(rig.plugin.onInterrupt(0));
    }

    @Test
    void aMessageUnderWayWhenTheVectorIsDisabledIsStillTheDevices() {
        rig.plugin.enableInterrupt(0);
        rig.device.raise(0);
        rig.plugin.disableInterrupt(0);
        assertTrue(rig.plugin.onInterrupt(0));
        rig.plugin.enableInterrupt(0);
        rig.plugin.disableInterrupt(0);
        rig.device.raise(0);
        assertFalse(rig.plugin.onInterrupt(0));
        assertEquals(1, rig.device.messages);
    }

    @Test
    void stopMasksEverything() {
        rig.plugin.enableInterrupt(0);
        rig.plugin.stop();
        rig.device.raise(0);
        assertEquals(0, rig.device.messages);
        assertFalse(rig.plugin.onInterrupt(0));
    }
}
