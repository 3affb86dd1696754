/**
 * The data path of Intel's 82599 and 82576: one transmit and one receive ring, the same for a virtual function and for
 * the physical function's uplink. What a chip has of its own comes with a {@link dev.npa.plugin.intel.regs.ChipQueues}
 * when a ring is made, as values that the ring keeps; the code has no case for a chip.
 *
 * <p><b>Ownership.</b> A ring's DMA window, runs, slots and index belong to the thread that drives the queue. Control
 * methods ({@code program}, {@code enable}, {@code end} and the like) are called while no thread drives it.
 *
 * <p><b>Ordering.</b> Descriptors are written and scanned with plain accesses. The tail register's write releases a
 * burst to the device, one acquire fence takes a burst over from it. Nothing in here allocates per packet, logs, locks
 * or throws in the normal course.
 *
 * <p><b>Ring rules.</b> The device owns {@code [head, tail)}; head = tail means empty, so one descriptor stays free.
 */
package dev.npa.plugin.intel.ring;
