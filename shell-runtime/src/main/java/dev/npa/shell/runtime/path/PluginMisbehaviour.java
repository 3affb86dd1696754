package dev.npa.shell.runtime.path;

/** A plugin handed the shell something that is not its own or makes no sense. The plugin is dropped. */
public final class PluginMisbehaviour extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PluginMisbehaviour(String message) {
        super(message);
    }
}
