/**
 * The command line: {@code npa demo}, {@code run}, {@code shell}, {@code doctor}.
 *
 * <p>Every command takes {@code --json} (one JSON object a line) and {@code --help}. Exit codes: 0 ok, 1 findings, 2
 * usage or bad input, 3 internal error. What a user did wrong is told in one sentence, never as a stack trace.
 */
package dev.npa.sim.cli;
