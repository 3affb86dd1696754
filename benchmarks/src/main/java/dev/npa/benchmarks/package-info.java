/**
 * What a packet costs in plugin and shell: JMH benchmarks over the shell's real parts, the real plugins and an
 * in-memory device. {@code docs/performance.md} tells how to run and read them.
 *
 * <p>{@link dev.npa.benchmarks.PacketCost} measures everything, {@link dev.npa.benchmarks.DeviceOnly} the device alone,
 * {@link dev.npa.benchmarks.OffloadCost} both with every offload in use, {@link dev.npa.benchmarks.Reference} the least
 * that any driver has to do; {@code DriverCost} runs them and makes metrics of the difference and the ratio.
 */
package dev.npa.benchmarks;
