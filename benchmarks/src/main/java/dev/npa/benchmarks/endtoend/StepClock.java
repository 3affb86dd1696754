package dev.npa.benchmarks.endtoend;

import dev.npa.hw.Clock;

/** Virtual time that the measuring loop moves. Who stalls gives the rest of the machine its turn. */
final class StepClock implements Clock {

    private long now;
    private Runnable turn = () -> { };

    /** Sets what runs while somebody waits for a device. */
    void turn(Runnable newTurn) {
        turn = newTurn;
    }

    void advance(long nanos) {
        now += nanos;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void stall(long nanos) {
        now += nanos;
        turn.run();
    }
}
