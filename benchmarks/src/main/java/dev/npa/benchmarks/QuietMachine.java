package dev.npa.benchmarks;

import dev.npa.hw.Clock;
import dev.npa.shell.ShellLog;

/** Clock and log of a machine on which nothing takes time and nothing goes wrong; a plugin's complaint is a failure. */
final class QuietMachine implements Clock, ShellLog {

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void stall(long nanos) {
        // The device answers at once.
    }

    @Override
    public void info(String message) {
        // Nothing that a measurement depends on.
    }

    @Override
    public void warn(String message) {
        throw new IllegalStateException("the plugin warns: " + message);
    }

    @Override
    public void error(String message, Throwable cause) {
        throw new IllegalStateException("the plugin reports an error: " + message, cause);
    }
}
