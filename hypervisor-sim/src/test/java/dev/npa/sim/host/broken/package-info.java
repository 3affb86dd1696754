/** Factories of plugin images that misbehave, for tests; packed into images beside the delivered plugin's classes. */
package dev.npa.sim.host.broken;
