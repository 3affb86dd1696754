package dev.npa.sim.cli;

/** Something the user can mend: the message is one sentence; the command ends with {@link ExitCode#USAGE}. */
final class CliException extends Exception {
    private static final long serialVersionUID = 1L;

    CliException(String message) {
        super(message);
    }
}
