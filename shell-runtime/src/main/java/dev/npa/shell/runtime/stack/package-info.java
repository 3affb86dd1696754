/**
 * The simple guest operating system: records of the workload channel are transmitted, received packets are handed back
 * through it. The least that a personality over {@code dev.npa.shell.runtime.netdev} is.
 */
package dev.npa.shell.runtime.stack;
