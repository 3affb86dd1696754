/**
 * The machine: what crosses the boundary between a hypervisor and a guest.
 *
 * <p>These types are the hardware of the Network Plugin Architecture: physical memory, DMA windows, register windows
 * (MMIO), PCI functions, interrupts, virtual CPUs and the clock. They are the only types that a host and its guests
 * share; everything else that the two sides say to each other goes through registers and guest memory.
 *
 * <p><b>Who implements, who calls.</b> The machine (a simulator, or a binding to real hardware) implements the
 * interfaces; shells, plugins, PF drivers and device models call them. Memory is implemented here, once, by final
 * classes, so that accessors stay monomorphic on the data path.
 *
 * <p><b>Byte order</b> is little-endian throughout, as on PCI. <b>Addresses</b> are {@code long} and physical: a guest
 * sees guest-physical addresses, which are also what its devices use for DMA (an IOMMU domain translates them).
 *
 * <p><b>Ordering.</b> Plain accessors carry no ordering. {@code ...Acquire} and {@code ...Release} accessors order as
 * {@link java.lang.invoke.VarHandle} defines. A register write has release semantics, a register read has acquire
 * semantics.
 */
@Export
@Version("1.0.0")
package dev.npa.hw;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
