/**
 * The border between the shell's core and a guest operating system. An operating system's personality needs nothing
 * else of the shell than this package, {@link dev.npa.shell.PacketBurst}, {@link dev.npa.shell.PacketFlags} and
 * {@link dev.npa.shell.runtime.channel.WorkloadChannel}.
 *
 * <p><b>How to write one.</b> Implement {@link dev.npa.shell.runtime.netdev.GuestOs} and a
 * {@link dev.npa.shell.runtime.netdev.GuestOsFactory}, and name the factory in {@code dev.npa.shell.runtime.Systems};
 * a machine chooses it by the property {@code npa.os}. The guest calls {@code settings()}, brings the device up, calls
 * {@code boot(device)}, then {@code run(budget)} whenever the virtual CPU has time, and {@code close()}. Records of the
 * workload channel are what applications send; received packets go back through it.
 * {@code dev.npa.shell.runtime.linux} and {@code dev.npa.shell.runtime.windows} are the two that there are.
 *
 * <p><b>Buffers.</b> All are of {@link dev.npa.shell.runtime.netdev.NetBuffers#CAPACITY} bytes and known by a handle
 * below {@code size()}, so that a personality can keep what it knows of a packet in arrays indexed by handle. The
 * operating system takes buffers, fills them, hands them to {@code transmit}, gets them back from {@code reclaim} and
 * frees them (or uses them again); it gets others from {@code receive} and frees them, or transmits them with flags and
 * offload word set anew. A buffer that it holds is in one place at a time: a packet cannot be transmitted twice at
 * once.
 *
 * <p><b>Transmit.</b> Requests are those of {@link dev.npa.shell.PacketFlags} on a packet's first entry, with header
 * lengths, MSS and tag in the offload word; TX_IPV4 or TX_IPV6 goes with every checksum or TSO request. All of them are
 * always allowed: what the carrier cannot do is done in software, also for a packet that waits while the carrier
 * changes. A frame without TSO has 14 to MTU + 18 bytes, a TSO packet up to 65,535 bytes behind its Ethernet header,
 * headers in the first segment. What breaks this is completed as aborted and counted as TX_REFUSED. Packets of
 * one queue leave in the order of the calls: keep a flow on one queue.
 *
 * <p><b>Flow control.</b> {@code transmit} takes what there is room for. After it took less, stop the queue and wait
 * for {@code transmitReady}; it comes when completions made room and when a switchover is over. {@code transmitStopped}
 * is for operating systems that have to know; calls of transmit then simply take nothing.
 *
 * <p><b>Polling.</b> {@code interrupt(q)} means: poll queue q. Call {@code reclaim} and {@code receive} with a budget.
 * When both returned less than the budget, forget that q is to be polled and then call {@code enableInterrupt(q)}, in
 * this order, because an interrupt may come within the call. No wake-up is lost: what arrived before is interrupted for
 * again. One vector a queue pair; interrupts of a queue that is being polled are masked.
 *
 * <p><b>Receive.</b> Results are the RX bits of {@link dev.npa.shell.PacketFlags}. With an
 * {@link dev.npa.shell.runtime.netdev.RssConfig} in force a packet that has RX_HASH bears the hash of this
 * configuration and comes through the queue of its table; the core computes hash and queue in software where the
 * carrier does not. Tags are always stripped into RX_VLAN unless VLAN_STRIP is in {@code settings().without()}.
 * Checksum results may be missing: check in software then. Merged packets (RX_LRO) appear only with some carriers.
 *
 * <p><b>Statistics.</b> {@link dev.npa.shell.runtime.netdev.DeviceStatistics}; call {@code refresh()} before rendering.
 *
 * <p><b>Threads.</b> Everything is called on the guest's first virtual CPU, one call at a time, and nothing waits.
 * The data path allocates nothing per packet.
 */
package dev.npa.shell.runtime.netdev;
