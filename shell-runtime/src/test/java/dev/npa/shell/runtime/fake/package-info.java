/** A scripted machine for tests: memory, interrupts, PCI functions, the workload channel, and the hypervisor's half. */
package dev.npa.shell.runtime.fake;
