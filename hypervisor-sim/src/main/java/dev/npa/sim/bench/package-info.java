/**
 * Measurements of the simulator itself.
 *
 * <p>Contract: a measurement is a static method that builds its own world from the installed bundles, warms it up,
 * measures and takes it down; it returns plain records and prints nothing. All times are CPU time of the thread that
 * does the work, so that other processes do not count. Not for a machine's absolute figures: compare within a run.
 */
package dev.npa.sim.bench;
