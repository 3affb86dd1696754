/**
 * Plugin images on the hypervisor's side: the repository, the verification of each jar before a byte of it goes into a
 * guest, and the choice of the newest image that fits a device and a guest.
 *
 * <p>A jar is read once; what was verified are the bytes that are injected. A jar that is refused stays listed with the
 * reason and never hinders the others.
 */
package dev.npa.sim.image;
