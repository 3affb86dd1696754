/**
 * The emulation plugin: drives the rings of a vmxnet3 device, be it this project's emulation or another that existing
 * vmxnet3 drivers work with. Compiled in statically with a shell, which lends it its control channel
 * ({@link dev.npa.plugin.vmxnet3.control.Vmxnet3Control}); also a plugin image of its own, which then opens one.
 *
 * <p><b>Contract</b> is that of {@code dev.npa.plugin}. Entry points: {@link dev.npa.plugin.vmxnet3.Vmxnet3Factory} for
 * an image, the constructor of {@link dev.npa.plugin.vmxnet3.Vmxnet3Plugin} for a shell.
 *
 * <p><b>How rings work here.</b> Ownership of a descriptor is a generation bit that both sides flip each time they
 * wrap, and a device stops at the first descriptor that is not its own. So a burst is written with plain stores, its
 * first descriptor with the old generation, which one ordered store turns at the end. Completions are counted by a
 * plain scan of their generation bits, then one acquire fence, then read.
 *
 * <p><b>Byte order</b> is little-endian. Section signs in comments refer to the project's vmxnet3 fact sheet.
 */
package dev.npa.plugin.vmxnet3;
