package dev.npa.sim.scenario;

import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.SimulationParts;
import java.nio.file.Path;

/**
 * What the command line decides about a scenario.
 *
 * @param pcap capture that takes the place of {@code sample}; null = the built-in sample
 * @param captureDirectory where to write pcapng files; null = nowhere
 * @param images directory of the plugin images
 */
public record WorldOptions(
        Simulation.Mode mode, long seed, Path pcap, Path captureDirectory, Path images, SimulationParts parts) {}
