/**
 * A Windows-style guest operating system on the shell's core: chains of net buffer lists that are sent and indicated,
 * each pending until it is completed or returned; deferred procedure calls; object identifiers (OIDs) for settings and
 * statistics; receive-side scaling whose indirection table the operating system owns.
 *
 * <p><b>Send.</b> The protocol hands a chain of {@link dev.npa.shell.runtime.windows.NetBufferList} to the miniport,
 * which owns it until it completes it with a status, in whatever order.
 *
 * <p><b>Receive.</b> An interrupt queues a deferred procedure call for its queue; that completes sends and indicates a
 * chain of received lists, which the protocol returns when its applications have read them. A miniport with too many
 * lists out indicates nothing more for a while: back-pressure, no loss.
 *
 * <p>Everything runs on the guest's first virtual CPU. Lists are recycled: the steady state allocates nothing.
 */
package dev.npa.shell.runtime.windows;
