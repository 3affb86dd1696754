/**
 * The shell: the guest half of the split driver. {@link dev.npa.shell.runtime.Activator} waits for the machine that the
 * hypervisor registers and boots {@link dev.npa.shell.runtime.Guest} on it.
 *
 * <p>There are no threads and no timers here: everything happens when the first virtual CPU runs. Packages below are
 * private to the bundle.
 */
package dev.npa.shell.runtime;
