/**
 * What stands between a device and a machine: DMA through an IOMMU domain, MSI-X, PCI configuration space, and the
 * record of what hardware forbids. Device models and the host use these; guests never see them.
 *
 * <p>Exported because the SPI of NIC models uses it.
 */
@Export
@Version("1.0.0")
package dev.npa.sim.machine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
