/**
 * The guest's side of PCI: enabling functions, programming MSI-X tables, and the CPU's interrupt vectors.
 *
 * <p>Control plane and interrupt dispatch, all on the guest's first virtual CPU.
 */
package dev.npa.shell.runtime.pci;
