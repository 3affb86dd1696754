package dev.npa.sim.cli;

/** Exit codes of all commands. */
final class ExitCode {

    static final int OK = 0;
    /** The command worked and found something wrong: an expectation not met, a check failed. */
    static final int FINDINGS = 1;
    /** The command line or an input file cannot be used. */
    static final int USAGE = 2;
    /** An error inside NPA. */
    static final int INTERNAL = 3;

    private ExitCode() {}
}
