/**
 * Devices that are nothing but their rings: what a driver can see of an 82599 VF and of a vmxnet3 device, at the least
 * cost that a Java program can have for it.
 *
 * <p>They bring a driver up (registers, commands) and then walk its rings in guest memory: take transmit descriptors
 * and report them as done, write received frames' completions. No switch, no filters, no interrupts, no copies of
 * frames: of a received frame only the first eight bytes are written, which brings its first cache line in as DMA
 * would.
 *
 * <p><b>Threading.</b> Everything is called from the thread that drives the queues, so that plain accesses are enough
 * inside the walks. Nothing allocates after bring-up.
 */
package dev.npa.benchmarks.device;
