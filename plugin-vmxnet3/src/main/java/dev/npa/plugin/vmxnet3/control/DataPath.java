package dev.npa.plugin.vmxnet3.control;

/**
 * What a data path tells the device on activation, besides the queue descriptor table.
 *
 * @param txQueues transmit queues in the table, 1..8
 * @param rxQueues receive queues in the table, 1..8
 * @param rssQueues receive queues that RSS spreads over, from 0; 0 = no RSS
 * @param mtu 60..9000
 * @param maxReceiveBuffers most buffers that a received packet may take, 1..65535
 * @param uptFeatures bits {@code DriverShared.UPT_...}
 */
public record DataPath(int txQueues, int rxQueues, int rssQueues, int mtu, int maxReceiveBuffers, int uptFeatures) {}
