package dev.npa.sim.host;

import dev.npa.shell.ShellLog;
import org.slf4j.Logger;

/** Log of a PF driver: the hypervisor's log with the name of the function in front. */
record Slf4jLog(Logger log, String prefix) implements ShellLog {

    @Override
    public void info(String message) {
        log.info("{}: {}", prefix, message);
    }

    @Override
    public void warn(String message) {
        log.warn("{}: {}", prefix, message);
    }

    @Override
    public void error(String message, Throwable cause) {
        log.error("{}: {}", prefix, message, cause);
    }
}
