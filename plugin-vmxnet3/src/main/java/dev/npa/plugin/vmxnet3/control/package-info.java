/**
 * The control channel of a vmxnet3 device from the guest's side: registers, commands, the shared area, events, filters
 * and interrupt masks. It belongs to a shell and outlives the data path: in passthrough mode, when the emulated rings
 * are gone, control operations still go through it.
 *
 * <p><b>Who calls.</b> A shell opens one {@link dev.npa.plugin.vmxnet3.control.Vmxnet3Control} a device and lends it to
 * each emulation plugin that it creates; a plugin without a shell's control opens one of its own.
 *
 * <p><b>Threading.</b> {@code Vmxnet3Control} is thread-safe; a command and the read of its result are one step. No
 * method is for the data path except the interrupt masks, which take no lock.
 *
 * <p><b>Byte order</b> is little-endian. The other types are layout: offsets, codes and bits, each in one place.
 * Section signs in comments refer to the project's vmxnet3 fact sheet.
 */
package dev.npa.plugin.vmxnet3.control;
