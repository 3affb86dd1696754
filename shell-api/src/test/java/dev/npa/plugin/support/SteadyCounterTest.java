package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SteadyCounterTest {

    @Test
    void aNarrowFieldWraps() {
        SteadyCounter counter = new SteadyCounter(32);
        assertEquals(0x7FFF_FFF0L, counter.update(0x7FFF_FFF0L));
        assertEquals(0xFFFF_FFE0L, counter.update((int) 0xFFFF_FFE0L), "higher bits of a reading are ignored");
        assertEquals(0x1_0000_0010L, counter.update(0x10));
        assertEquals(0x1_0000_0011L, counter.update(0x11));
    }

    @Test
    void aStepBackIsNotCountedAndNotCountedAgain() {
        SteadyCounter counter = new SteadyCounter(64);
        assertEquals(100, counter.update(100));
        assertEquals(100, counter.update(90));
        assertEquals(103, counter.update(103));
    }

    @Test
    void aDeviceThatBeginsAgainAddsToWhatWas() {
        SteadyCounter counter = new SteadyCounter(32);
        counter.update(0x1234);
        counter.restart();
        assertEquals(0x1234, counter.update(0));
        assertEquals(0x1239, counter.update(5));
    }
}
