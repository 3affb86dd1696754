/**
 * What the models of the Intel 82599 and 82576 have in common: the register file and its text tables, the advanced
 * descriptors, the transmit engine with checksums, segmentation and VLAN tags, the receive engine, the mailbox bits,
 * the Toeplitz hash, the functions on the bus and the device's turn to run.
 *
 * <p>A chip is a {@link dev.npa.sim.nic.intel.Silicon}: it has an {@link dev.npa.sim.nic.intel.IntelCore} with its
 * queue numbering and register map, a {@link dev.npa.sim.nic.intel.Fabric} (its embedded switch), its interrupts,
 * resets and statistics, and subclasses of the two engines for what its registers call otherwise.
 * {@link dev.npa.sim.nic.intel.IntelModel} makes a model of it.
 *
 * <p><b>Threading.</b> One lock an adapter: held by {@code run}, taken by register accesses with side effects; tail
 * writes are an ordered store only. Messages to a machine's interrupt controller are sent with the lock held.
 *
 * <p><b>What software does wrong</b> is recorded as a violation and never throws: unknown registers, malformed
 * descriptors (dropped and completed), spoofed frames, DMA outside the IOMMU domain (stops the function).
 */
package dev.npa.sim.nic.intel;
