package dev.npa.shell;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The only log of a plugin. The shell adds machine and plugin to each line and limits the rate. Never called on the
 * data path. Thread-safe.
 */
@ProviderType
public interface ShellLog {

    /** Something an operator may want to know. */
    void info(String message);

    /** Something went wrong and was dealt with. */
    void warn(String message);

    /** Something went wrong and the device or plugin does not serve as it should. */
    void error(String message, Throwable cause);
}
