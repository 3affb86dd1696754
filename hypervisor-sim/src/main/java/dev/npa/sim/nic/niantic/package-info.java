/**
 * The Intel 82599 ("Niantic"): a model of its physical function, its virtual functions and its embedded switch at the
 * level of registers, descriptors, DMA and interrupts.
 *
 * <p>Registers stand in two text tables, {@code pf-registers.map} and {@code vf-registers.map}; a virtual function's
 * window is a view of the physical function's registers. The engines ({@code TxEngine}, {@code RxEngine}) move frames,
 * {@code EmbeddedSwitch} decides where to, {@code Interrupts} turns causes into messages, {@code Mailbox} and
 * {@code Resets} join the functions.
 *
 * <p><b>Threading.</b> One lock an adapter: held by {@code run}, taken by register accesses with side effects; tail
 * writes are an ordered store only. Messages to a machine's interrupt controller are sent with the lock held.
 *
 * <p><b>What software does wrong</b> is recorded as a violation and never throws: unknown registers, malformed
 * descriptors (dropped and completed), spoofed frames, DMA outside the IOMMU domain (stops the function).
 */
package dev.npa.sim.nic.niantic;
