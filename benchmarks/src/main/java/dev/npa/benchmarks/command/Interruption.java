package dev.npa.benchmarks.command;

import java.io.PrintWriter;

/**
 * Until {@link #unwatch}, an interrupt from the keyboard ends the processes that measure and says that nothing was
 * kept.
 */
final class Interruption {

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    static Interruption watch(PrintWriter err) {
        Thread hook = new Thread(() -> {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
            err.println("npa: interrupted; nothing was saved");
            err.flush();
        }, "npa-bench-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    /** Nothing is measured any more. */
    void unwatch() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook with it.
        }
    }
}
