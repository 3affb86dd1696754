/**
 * What an IHV implements for the hypervisor: the PF driver, which owns the physical function, allocates virtual
 * functions and programs the embedded switch and its policy.
 *
 * <p><b>Who implements, who calls.</b> The NIC vendor implements {@link dev.npa.pf.PfDriverFactory} (an OSGi service in
 * the host framework) and {@link dev.npa.pf.PfDriver}; the hypervisor calls. {@link dev.npa.pf.PfHost} is the
 * hypervisor's.
 *
 * <p><b>Division of labour.</b> Everything that a plugin must not do happens here: addresses, VLANs, filters, spoof
 * protection, queue assignment, reset of a VF. The PF's own queues are the uplink of the VMs in emulated mode.
 *
 * <p><b>Threading.</b> The hypervisor calls a PF driver from one thread at a time, its uplink queues included.
 */
@Export
@Version("1.0.0")
package dev.npa.pf;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
