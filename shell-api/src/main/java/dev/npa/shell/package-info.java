/**
 * What a shell offers to the plugin that it hosts: the device's registers, DMA memory, packet buffers, time and a log.
 *
 * <p><b>Who implements, who calls.</b> The shell (or, for a PF driver's uplink, the hypervisor) implements these types;
 * plugins and PF drivers call them. {@link dev.npa.shell.PacketBurst} is one final class, so that the data path never
 * crosses an interface per packet.
 *
 * <p><b>Ownership.</b> The shell owns every packet buffer and every byte of DMA memory. A plugin holds a buffer from
 * the moment it takes it (receive) or accepts it (transmit) until it gives it back, indicates it, or completes it; each
 * of these hands it over exactly once. When a plugin is gone, the shell frees what it still held.
 *
 * <p><b>Threading.</b> A shell calls the control methods of one plugin from one thread at a time. A queue is called
 * from one thread at a time; different queues may be called from different threads. Everything in this package may be
 * called from the thread on which the plugin itself was called.
 *
 * <p><b>Lifetime.</b> A shell revokes all handles after {@code close()}: their next use throws
 * {@link dev.npa.hw.AccessFault} or {@link dev.npa.shell.ShellException}.
 */
@Export
@Version("1.0.0")
package dev.npa.shell;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
