package dev.npa.plugin;

/**
 * The one exception of the plugin contract: a call that the life-cycle table does not allow, a configuration that the
 * device cannot do, or a device that does not answer. The plugin's state is what it was before the call.
 */
public final class PluginException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    /**
     * Creates the exception.
     *
     * @param rule number of the rule that the caller or the device broke, as {@code 3.01}
     * @param message what happened, where, and what to do
     */
    public PluginException(String rule, String message) {
        super("[" + rule + "] " + message);
        this.rule = rule;
    }

    public PluginException(String rule, String message, Throwable cause) {
        super("[" + rule + "] " + message, cause);
        this.rule = rule;
    }

    /** Number of the broken rule. */
    public String rule() {
        return rule;
    }
}
