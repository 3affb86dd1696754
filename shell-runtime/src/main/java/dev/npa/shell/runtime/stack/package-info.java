/**
 * The guest's network stack as far as this project needs one: records of the workload channel are transmitted, received
 * packets are handed back through it.
 *
 * <p>The data path works in bursts, allocates nothing per packet and knows a plugin only through its queues. It runs on
 * the guest's first virtual CPU.
 */
package dev.npa.shell.runtime.stack;
