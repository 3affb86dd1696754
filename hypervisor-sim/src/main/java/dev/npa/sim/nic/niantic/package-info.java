/**
 * The Intel 82599 ("Niantic"): a model of its physical function, its virtual functions and its embedded switch at the
 * level of registers, descriptors, DMA and interrupts.
 *
 * <p>Registers stand in two text tables, {@code pf-registers.map} and {@code vf-registers.map}; a virtual function's
 * window is a view of the physical function's registers. What an 82576 does in the same way is in
 * {@code dev.npa.sim.nic.intel}, with the rules on threads and on what software does wrong; here is what is the 82599's
 * own: queue numbering and pools, {@code EmbeddedSwitch}, {@code Interrupts}, {@code Resets}, statistics, and what its
 * registers and descriptors have of their own ({@code NianticReceive}, {@code NianticTransmit}).
 */
package dev.npa.sim.nic.niantic;
