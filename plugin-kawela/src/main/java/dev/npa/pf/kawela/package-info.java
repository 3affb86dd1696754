/**
 * PF driver of the Intel 82576 (Kawela): owns the physical function, enables virtual functions, programs the embedded
 * switch, serves the VFs' mailbox, and drives the uplink queues. What it has in common with the 82599's is in
 * {@link dev.npa.pf.intel}.
 *
 * <p><b>Choices.</b> The PF has the pool after the last VF, which is also the default pool, so at most seven VFs are
 * enabled. Neither QDE nor DROP_EN drops for want of a descriptor: a queue that is short holds frames back instead of
 * losing them. Each pool has its own frame length, that of its VM's MTU. Every VF's pool strips tags, and so do the
 * copies of multicast for all pools: for the uplink the tag comes in the descriptor then. A port VLAN is inserted by the
 * switch, and the VLAN check is on for such a pool even if spoof check is off, because the 82576 would send a frame that
 * has a tag already with just that tag. A pool spreads over both queues only while its VF has asked for two (PSRTYPE).
 *
 * <p><b>Threading.</b> One caller at a time, as {@link dev.npa.pf} says.
 *
 * <p>Section numbers in comments are those of the project's 82576 fact sheet.
 */
package dev.npa.pf.kawela;
