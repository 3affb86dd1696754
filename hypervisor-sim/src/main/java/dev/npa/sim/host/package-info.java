/**
 * Hosts, virtual machines and the hypervisor's control of them: power, injection, switchover, unload.
 *
 * <p>Control calls may come from any thread; a host serialises them. Actions that need the guest's co-operation return
 * a {@link dev.npa.sim.host.Switchover} at once and make progress as the scheduler runs.
 */
package dev.npa.sim.host;
