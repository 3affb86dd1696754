/**
 * The control half of the plugin for the Intel 82599 VF: capabilities, life-cycle, reset, queue and interrupt set-up.
 *
 * <p>Addresses, filters, VLANs and link belong to the PF driver. The plugin does not use the mailbox: the PF driver
 * sees the VF's reset and applies its settings again, and lets the VF send and receive when it activates it.
 *
 * <p><b>Threading.</b> As {@link dev.npa.plugin} says: one control thread; queues are the shell's.
 */
package dev.npa.plugin.niantic.device;
