/**
 * The data path of one client (queue pair) of the Broadcom 57712: a transmit ring and a receive ring with its completion
 * queue and, for jumbo frames and aggregation, its SGE ring. The same for a virtual function and for the physical
 * function's uplink: where registers, status block and memory are is told by the constructors.
 *
 * <p><b>Ownership.</b> A ring's memory and indices belong to the thread that drives the queue. Control methods
 * ({@code prepare}, {@code begin}, {@code end} and the like) are called while no thread drives it.
 *
 * <p><b>Ordering.</b> Descriptors are written and completions scanned with plain accesses. The doorbell's or producer's
 * write releases a burst to the device, one acquire takes a burst over from it. Nothing in here allocates per packet,
 * logs, locks or throws in the normal course.
 *
 * <p><b>Ring rules.</b> Indices run freely and count the page links. The device owns what lies between its consumer and
 * the producer; producer - consumer never reaches the number of a ring's elements, so the producer modulo that number
 * says the same.
 */
package dev.npa.plugin.broadcom.ring;
