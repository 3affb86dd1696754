package dev.npa.shell.runtime.warmup;

import dev.npa.hw.Clock;

/** A scratch device answers at once: time passes only by what the plugin waits for, and nobody waits for it. */
final class ScratchClock implements Clock {

    private long now;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void stall(long nanos) {
        now += nanos;
    }
}
