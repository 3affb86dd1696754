/**
 * The seam between the command and what it measures.
 *
 * <p>Contract: a {@link dev.npa.benchmarks.harness.Harness} names its metrics without measuring, measures only what the
 * settings want, and tells a {@link dev.npa.benchmarks.harness.Progress} what it is at. What fails is a
 * {@link dev.npa.benchmarks.harness.BenchException} with a sentence for the user. Harnesses run one after another.
 */
package dev.npa.benchmarks.harness;
