package dev.npa.shell.runtime.instance;

import dev.npa.hw.Clock;
import dev.npa.shell.ShellLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin's log: each line names machine and plugin, and no more than {@link #BURST} lines pass in a second. */
public final class RateLimitedLog implements ShellLog {

    /** Lines a second. */
    static final int BURST = 20;

    // One logger for all instances: a logger per instance name would stay in the logging context for ever.
    private static final Logger LOG = LoggerFactory.getLogger("dev.npa.plugin");
    private static final long SECOND = 1_000_000_000L;

    private final Logger logger;
    private final Clock clock;
    private final String prefix;
    private long windowStart;
    private int inWindow;
    private long suppressed;

    public RateLimitedLog(Clock clock, String machine, String plugin) {
        this(LOG, clock, machine, plugin);
    }

    RateLimitedLog(Logger logger, Clock clock, String machine, String plugin) {
        this.logger = logger;
        this.clock = clock;
        this.prefix = machine + "/" + plugin + ": ";
        this.windowStart = clock.nanos();
    }

    @Override
    public void info(String message) {
        if (admit()) {
            logger.info("{}{}", prefix, message);
        }
    }

    @Override
    public void warn(String message) {
        if (admit()) {
            logger.warn("{}{}", prefix, message);
        }
    }

    @Override
    public void error(String message, Throwable cause) {
        if (admit()) {
            // The text only: a Throwable of the plugin's own class would keep its class loader in a log queue.
            logger.error("{}{}{}", prefix, message, cause == null ? "" : " (" + cause + ")");
        }
    }

    private synchronized boolean admit() {
        long now = clock.nanos();
        if (now - windowStart >= SECOND) {
            if (suppressed > 0) {
                logger.warn("{}{} more lines were suppressed", prefix, suppressed);
            }
            windowStart = now;
            inWindow = 0;
            suppressed = 0;
        }
        if (inWindow < BURST) {
            inWindow++;
            return true;
        }
        suppressed++;
        return false;
    }
}
