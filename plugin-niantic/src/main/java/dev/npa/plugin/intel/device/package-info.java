/**
 * The control half of the plugins for virtual functions of Intel's 82599 and 82576: life-cycle, reset, queue and
 * interrupt set-up, device counters. An image gives it a {@link dev.npa.plugin.intel.device.VfChip} and the way in
 * which its transmits are completed.
 *
 * <p>Addresses, filters, VLANs and link belong to the PF driver. The plugin sends no mailbox messages: the PF driver
 * sees the VF's reset and applies its settings again, and lets the VF send and receive when it activates it.
 *
 * <p><b>Threading.</b> As {@link dev.npa.plugin} says: one control thread; queues are the shell's.
 */
package dev.npa.plugin.intel.device;
