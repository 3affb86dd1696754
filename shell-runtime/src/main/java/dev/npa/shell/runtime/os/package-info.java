/**
 * What every operating system needs to stand between its applications and the network device: sockets, which copy
 * records of the workload channel into packet buffers and received packets back. Knows nothing of any personality.
 *
 * <p>Called on the guest's first virtual CPU; nothing waits and nothing is allocated per packet.
 */
package dev.npa.shell.runtime.os;
