/**
 * Scenarios: a small declarative format in YAML for hosts, NICs, VMs, traffic, a timeline of actions and expectations,
 * and the runner that carries them out. The demo, the tests and the interactive shell all run scenarios.
 *
 * <p>{@link dev.npa.sim.scenario.Scenario} is the model, {@link dev.npa.sim.scenario.ScenarioParser} the only way from
 * text to it; every error names the line.
 */
package dev.npa.sim.scenario;
