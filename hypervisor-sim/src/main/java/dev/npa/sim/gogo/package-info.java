/**
 * Gogo commands of the scope {@code npa}: the hypervisor's controls in the host framework's shell. They act on the
 * world that a running {@code npa shell} offers as a service, and write to the session's console.
 */
package dev.npa.sim.gogo;
