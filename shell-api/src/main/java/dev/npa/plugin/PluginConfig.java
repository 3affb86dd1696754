package dev.npa.plugin;

import java.util.Set;

/**
 * How a shell wants a data path to be. Queue pair {@code q} uses interrupt vector {@code q % vectors}.
 *
 * @param txQueues transmit queues
 * @param rxQueues receive queues
 * @param txRingSize descriptors of each transmit ring
 * @param rxRingSize descriptors of each receive ring
 * @param mtu largest payload of a frame, without Ethernet header, VLAN tag and FCS
 * @param vectors interrupt vectors used for queues, from 0; 0 = the shell polls only
 * @param features what to enable; a subset of the capabilities
 */
public record PluginConfig(
        int txQueues, int rxQueues, int txRingSize, int rxRingSize, int mtu, int vectors, Set<Feature> features) {

    private static final int STANDARD_MTU = 1500;

    public PluginConfig {
        features = Set.copyOf(features);
    }

    /** Largest frame on the wire without FCS: MTU, Ethernet header and one VLAN tag. */
    public int maxFrame() {
        return mtu + 18;
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /**
     * Checks this configuration against what a plugin can do.
     *
     * @throws PluginException naming the first field that does not fit, what it is and what would fit
     */
    public void check(PluginCapabilities can) {
        range("txQueues", txQueues, 1, can.maxTxQueues());
        range("rxQueues", rxQueues, 1, can.maxRxQueues());
        ring("txRingSize", txRingSize, can);
        ring("rxRingSize", rxRingSize, can);
        range("mtu", mtu, 68, can.maxMtu());
        range("vectors", vectors, 0, can.vectors());
        if (mtu > STANDARD_MTU && !features.contains(Feature.JUMBO)) {
            throw new PluginException("8.01", "mtu is " + mtu + " and JUMBO is not enabled; enable it or use "
                    + STANDARD_MTU + " at most");
        }
        for (Feature feature : features) {
            if (!can.features().contains(feature)) {
                throw new PluginException("8.01", "feature " + feature + " is enabled but not declared; declared are "
                        + can.features());
            }
        }
    }

    private static void range(String field, int value, int low, int high) {
        if (value < low || value > high) {
            throw new PluginException("1.07", field + " is " + value + "; the device can do " + low + ".." + high);
        }
    }

    private static void ring(String field, int value, PluginCapabilities can) {
        range(field, value, can.minRingSize(), can.maxRingSize());
        if (value % can.ringSizeMultiple() != 0) {
            throw new PluginException("1.07", field + " is " + value + "; it must be a multiple of "
                    + can.ringSizeMultiple() + ", the nearest is " + can.ringSize(value));
        }
    }
}
