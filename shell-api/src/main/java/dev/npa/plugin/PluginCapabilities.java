package dev.npa.plugin;

import java.util.Set;

/**
 * What a plugin can do with its device, constant for the life of the instance.
 *
 * @param features what can be enabled
 * @param maxTxQueues at least 1
 * @param maxRxQueues at least 1
 * @param minRingSize smallest ring, in descriptors
 * @param maxRingSize largest ring, in descriptors
 * @param ringSizeMultiple every ring size is a multiple of this
 * @param maxTxSegments most segments of a transmit packet
 * @param maxTsoBytes largest packet with TSO; 0 without TSO
 * @param maxHeaderBytes most header bytes (L2 + L3 + L4) that offloads can deal with
 * @param minFrame shortest transmit frame in bytes without FCS; the device pads it to 60 on the wire
 * @param maxMtu largest MTU in bytes
 * @param vectors interrupt vectors that the plugin can use for queues
 */
public record PluginCapabilities(
        Set<Feature> features,
        int maxTxQueues,
        int maxRxQueues,
        int minRingSize,
        int maxRingSize,
        int ringSizeMultiple,
        int maxTxSegments,
        int maxTsoBytes,
        int maxHeaderBytes,
        int minFrame,
        int maxMtu,
        int vectors) {

    public PluginCapabilities {
        features = Set.copyOf(features);
    }

    /** The ring size nearest to {@code wanted} that the device can do. */
    public int ringSize(int wanted) {
        int clamped = Math.max(minRingSize, Math.min(maxRingSize, wanted));
        return Math.max(minRingSize, clamped / ringSizeMultiple * ringSizeMultiple);
    }
}
