/**
 * The channel from a VF to its PF driver: a request and its response in memory, a trigger in the BAR, and the bulletin
 * board that the PF driver writes. §9. Used by control calls only, by one thread at a time; all waits are bounded. Of
 * its requests a plugin needs ACQUIRE, INIT, SETUP_Q, CLOSE and RELEASE.
 *
 * <p><b>Ownership.</b> The memory of the channel belongs to the PF driver from the trigger until it has written the
 * response's status, which it writes last.
 */
package dev.npa.plugin.broadcom.channel;
