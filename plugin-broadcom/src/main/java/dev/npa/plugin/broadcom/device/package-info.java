/**
 * The control half of the plugin for the Broadcom 57712 VF: bring-up, interrupts, device counters. Addresses, filters,
 * VLANs, RSS and link belong to the PF driver and the hypervisor. Receive buffers and SGEs are the shell's packet
 * buffers alike.
 *
 * <p><b>Threading.</b> As {@link dev.npa.plugin} says: one control thread; queues are the shell's.
 */
package dev.npa.plugin.broadcom.device;
