/**
 * The one way in which the host's side reads a jar: strictly, from memory. The verification of plugin images and the
 * guests' frameworks both read through it, so what was verified is what is loaded.
 */
package dev.npa.sim.jar;
