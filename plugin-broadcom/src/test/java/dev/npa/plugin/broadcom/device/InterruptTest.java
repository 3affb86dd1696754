package dev.npa.plugin.broadcom.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.testing.Rig;
import dev.npa.plugin.broadcom.testing.TestMachine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors, one a queue pair. §6.4 */
class InterruptTest {

    private final Rig rig = new Rig();

    private Rig running() {
        rig.plugin.configure(Rig.config(2, 128, 1500, Rig.all()));
        rig.plugin.start();
        rig.rx = rig.plugin.rxQueue(1);
        rig.tx = rig.plugin.txQueue(1);
        return rig;
    }

    private void frame() {
        rig.device.receive(1, TestMachine.bytes(60, 1));
    }

    @Test
    void nothingIsSentUntilAVectorIsUnmasked() {
        running();
        frame();
        assertEquals(List.of(), rig.device.messages);
        assertFalse(rig.plugin.onInterrupt(1), "not mine");
        rig.plugin.enableInterrupt(1);
        assertEquals(List.of(1), rig.device.messages, "work that is there raises it at once");
        assertTrue(rig.plugin.onInterrupt(1));
        assertFalse(rig.device.isEnabled(1), "masked while polling");
        assertFalse(rig.plugin.onInterrupt(1), "once");
    }

    @Test
    void aFrameBetweenTheLastPollAndUnmaskingRaisesTheVector() {
        running();
        frame();
        rig.receive(8);
        frame();
        rig.plugin.enableInterrupt(1);
        assertEquals(List.of(1), rig.device.messages);
        assertTrue(rig.plugin.onInterrupt(1));
        rig.receive(8);
        rig.plugin.enableInterrupt(1);
        assertEquals(List.of(1), rig.device.messages, "all work is done: silence");
        frame();
        assertEquals(List.of(1, 1), rig.device.messages);
    }

    @Test
    void aCompletionThatCameBeforeUnmaskingFiresAtOnce() {
        Rig late = new Rig();
        late.plugin.configure(Rig.config(1, 128, 1500, Rig.all()));
        late.plugin.start();
        late.device.receive(0, TestMachine.bytes(60, 1));
        late.plugin.enableInterrupt(0);
        assertEquals(List.of(0), late.device.messages);
        assertTrue(late.plugin.onInterrupt(0));
    }

    @Test
    void transmitCompletionsRaiseTheirPairsVector() {
        running();
        rig.plugin.enableInterrupt(1);
        rig.machine.packet(rig.burst, 1, Rig.frame(60, 1));
        rig.transmit();
        rig.device.transmit(1);
        assertEquals(List.of(1), rig.device.messages);
        assertTrue(rig.plugin.onInterrupt(1));
        rig.plugin.enableInterrupt(1);
        assertEquals(List.of(1, 1), rig.device.messages, "not reclaimed yet");
        assertTrue(rig.plugin.onInterrupt(1));
        assertEquals(1, rig.reclaim(4));
        rig.plugin.enableInterrupt(1);
        assertEquals(2, rig.device.messages.size());
    }

    @Test
    void aMessageUnderWayIsReportedAlsoAfterMasking() {
        running();
        rig.plugin.enableInterrupt(1);
        frame();
        rig.plugin.disableInterrupt(1);
        assertTrue(rig.plugin.onInterrupt(1));
        rig.plugin.disableInterrupt(1);
        frame();
        assertEquals(1, rig.device.messages.size());
        assertFalse(rig.plugin.onInterrupt(1));
    }

    @Test
    void allVectorsAreMaskedAfterStop() {
        running();
        rig.plugin.enableInterrupt(0);
        rig.plugin.enableInterrupt(1);
        rig.plugin.stop();
        assertFalse(rig.device.isEnabled(0) || rig.device.isEnabled(1));
        assertEquals("3.01", assertThrows(PluginException.class, () -> rig.plugin.enableInterrupt(0)).rule());
        assertEquals("1.07", assertThrows(PluginException.class, () -> rig.plugin.onInterrupt(2)).rule());
    }
}
