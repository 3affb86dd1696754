/**
 * What the PF drivers of the 82599 and 82576 have in common: the driver's life, tables of addresses, VLANs, multicast
 * hashes and RSS with their policy, the PF's side of the mailbox, the uplink's queues. Everything in which the chips
 * differ is behind {@link dev.npa.pf.intel.Port}, which a chip's own package implements register by register.
 *
 * <p><b>RSS.</b> A port has one key and one table: those of the VF that came first, see RssTable.
 *
 * <p><b>Threading.</b> One caller at a time, as {@link dev.npa.pf} says.
 */
package dev.npa.pf.intel;
