package dev.npa.benchmarks;

import dev.npa.hw.InterruptController;

/** An interrupt controller that no device is connected to. */
final class NoInterrupts implements InterruptController {

    @Override
    public void raise(int vector) {
        throw new IllegalStateException("interrupt " + vector + " although no vector was given out");
    }

    @Override
    public boolean isPending() {
        return false;
    }

    @Override
    public int take() {
        return -1;
    }
}
