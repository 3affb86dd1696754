/**
 * PF driver of the Intel 82599 (Niantic): owns the physical function, enables virtual functions, programs the embedded
 * switch, serves the VFs' mailbox, and drives the uplink queues.
 *
 * <p><b>Choices.</b> 64 pools of 2 queues above 31 VFs, else 32 pools of 4; the PF has the pool after the last VF,
 * which is also the default pool. The port takes frames of 9216 bytes from the start, since the uplink serves VMs of
 * any MTU and the 82599 has one limit for the port. Neither QDE nor DROP_EN drops for want of a descriptor: a queue
 * that is short holds frames back instead of losing them.
 *
 * <p><b>Threading.</b> One caller at a time, as {@link dev.npa.pf} says.
 *
 * <p>Section numbers in comments are those of the project's 82599 fact sheet.
 */
package dev.npa.pf.niantic;
