/**
 * A Linux-style guest operating system on the shell's core: socket buffers, a queueing discipline a transmit queue,
 * NAPI polling with budgets, settings and statistics as ethtool shows them.
 *
 * <p><b>Transmit.</b> A socket's record becomes an {@link dev.npa.shell.runtime.linux.SkBuff}, is queued at the
 * {@link dev.npa.shell.runtime.linux.TxQueue} of its flow and leaves in a burst. A device that takes less stops the
 * queue; it is woken when there is room. Completions free the socket buffer, as a driver's transmit cleaning does.
 *
 * <p><b>Receive.</b> An interrupt schedules the queue's {@link dev.npa.shell.runtime.linux.Napi}; the softirq polls the
 * scheduled ones in turn, each with a budget, and a poll that finds less than its budget ends polling and lets the
 * interrupt come again. A socket without room keeps its packets queued and its queue unpolled: back-pressure, no loss.
 *
 * <p>Everything runs on the guest's first virtual CPU. Socket buffers are recycled: the steady state allocates nothing.
 */
package dev.npa.shell.runtime.linux;
