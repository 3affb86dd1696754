/**
 * The core of the shell: one network device for the operating system, whatever plugin carries it.
 *
 * <p>{@link dev.npa.shell.runtime.core.CoreDevice} joins the transmitter and the receiver, which may have different
 * carriers during a switchover, and is what {@code switchover} turns. A carrier is a
 * {@link dev.npa.shell.runtime.instance.PluginInstance} with a data path a queue pair.
 *
 * <p><b>Queues.</b> The operating system's queue q uses the carrier's queue {@code q mod n}. Where a carrier has fewer
 * queues than the operating system, or spreads by other rules than its RSS configuration, received packets are sorted
 * into the operating system's queues here.
 *
 * <p><b>Fast path.</b> What needs nothing is handed through: one burst, one call, one look at a flag word a packet.
 */
package dev.npa.shell.runtime.core;
