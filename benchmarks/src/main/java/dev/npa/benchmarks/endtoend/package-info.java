/**
 * The whole way of a packet, on one thread: the shell's network device, a plugin, the model of the NIC with its IOMMU
 * and switch, and in emulated mode the hypervisor's emulation, virtual switch and uplink. Everything is what the product
 * runs; only the guest's applications are missing, because they would cost the same in both modes.
 *
 * <p>{@link dev.npa.benchmarks.endtoend.Chain} measures a frame from one virtual function to another,
 * {@link dev.npa.benchmarks.endtoend.Streams} compares passthrough with emulation. Both return plain records and are to
 * be run in a virtual machine of their own, since what a process ran before decides how the JIT compiles what is shared.
 */
package dev.npa.benchmarks.endtoend;
