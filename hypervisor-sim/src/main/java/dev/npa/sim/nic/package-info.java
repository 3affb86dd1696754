/**
 * What a model of an SR-IOV NIC implements so that a host can carry it: the SPI for device models.
 *
 * <p>A model is silicon: it knows registers, descriptors, DMA, interrupts and its wire, and nothing of hypervisors,
 * drivers or guests. It owns no thread; a scheduler steps it, and register accesses come from the threads of drivers
 * (synchronise inside the model; doorbells are the one access that must stay cheap).
 */
@Export
@Version("1.0.0")
package dev.npa.sim.nic;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
