/**
 * The command line of {@code npa bench}.
 *
 * <p>Contract: figures go to standard output, everything else to standard error; every message is one sentence that
 * begins with {@code npa:}; exit codes are 0 ok, 1 beyond a tolerance, 2 wrong use, 3 something could not be measured.
 */
package dev.npa.benchmarks.command;
