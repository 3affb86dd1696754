/**
 * Figures of a run and what becomes of them: JSON lines, result files, tables, comparison with a baseline, HTML page.
 *
 * <p>Contract: values are immutable and nothing here measures anything; the machine is looked at once, by
 * {@link dev.npa.benchmarks.report.Machine#current}. Bad input is a {@link dev.npa.benchmarks.report.BadResultFile}
 * that says file, line and what is wrong.
 */
package dev.npa.benchmarks.report;
