/**
 * The guest's side of a virtual machine: one nested OSGi framework a guest, booted from bundles.
 *
 * <p>Host and guest share the classes of {@code dev.npa.hw} and {@code org.slf4j}, which lie beside the framework's own
 * classes and are exported by the system bundle of both; everything else is private to each guest. A guest gets its
 * {@link dev.npa.hw.Machine} as a service and nothing else of the host.
 *
 * <p>A guest's bundles come from memory: those it boots with from bytes that the host verified, plugin images from the
 * guest's own memory, where the hypervisor copied them. What was checked is what is loaded; no file is opened.
 *
 * <p>What a guest sees of its hypervisor here is the location of an image, {@code
 * npa-image:<slot>:<address>:<length>:<sha256>} (see {@link dev.npa.sim.guest.ImageLocation}).
 */
package dev.npa.sim.guest;
