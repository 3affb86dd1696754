package dev.npa.benchmarks.endtoend;

import dev.npa.shell.ShellLog;

/** A log in which nobody may warn: what is measured is the normal course. */
final class Complaints implements ShellLog {

    private final String who;

    Complaints(String who) {
        this.who = who;
    }

    @Override
    public void info(String message) {
        // Nothing that a measurement depends on.
    }

    @Override
    public void warn(String message) {
        throw new IllegalStateException(who + " warns: " + message);
    }

    @Override
    public void error(String message, Throwable cause) {
        throw new IllegalStateException(who + " reports an error: " + message, cause);
    }
}
