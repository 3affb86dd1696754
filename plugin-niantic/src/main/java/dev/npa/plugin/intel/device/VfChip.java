package dev.npa.plugin.intel.device;

import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.intel.regs.ChipQueues;

/**
 * Everything that a chip's virtual function has of its own, as one constant of the image that drives it.
 *
 * @param name what to call the function in messages
 * @param bar BAR with the registers
 * @param capabilities what it can do
 * @param control registers that concern no single queue
 * @param rx offset of the registers of receive queue 0
 * @param tx offset of the registers of transmit queue 0
 * @param stride bytes from one queue's registers to the next one's
 * @param queues what its queues have of their own
 * @param counters its statistics registers
 * @param tags who takes tags out of received frames
 */
public record VfChip(String name, int bar, PluginCapabilities capabilities, ControlRegisters control, int rx, int tx,
        int stride, ChipQueues queues, CounterRegisters counters, TagReport tags) {}
