/**
 * The control half of the plugin for the Broadcom 57712 VF: capabilities, life-cycle, bring-up over the VF-PF channel,
 * interrupts, device counters.
 *
 * <p>Addresses, filters, VLANs, RSS and link belong to the PF driver and the hypervisor; of the channel the plugin uses
 * ACQUIRE, INIT, SETUP_Q, TEARDOWN_Q, CLOSE and RELEASE. Receive buffers and SGEs are the shell's packet buffers alike.
 *
 * <p><b>Threading.</b> As {@link dev.npa.plugin} says: one control thread; queues are the shell's.
 */
package dev.npa.plugin.broadcom.device;
