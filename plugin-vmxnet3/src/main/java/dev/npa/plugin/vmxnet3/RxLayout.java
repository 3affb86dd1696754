package dev.npa.plugin.vmxnet3;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.shell.PacketFlags;

/**
 * Shape of a receive queue: sizes of its rings, where they lie in the queue's memory (ring 0, ring 1, completions), and
 * how frames are spread over buffers.
 *
 * @param used whether buffers are posted; false for a queue that exists only because the device wants a power of two
 * @param perFrame buffers that a full frame takes: ring 0 is one HEAD and {@code perFrame - 1} BODY in turn
 * @param size0 descriptors of ring 0
 * @param size1 descriptors of ring 1
 * @param usesRing1 whether ring 1 gets buffers
 * @param bufferBytes bytes of each buffer that the device may write
 * @param maxBuffers most buffers of a packet
 * @param mtu as configured
 * @param maxFrame what is longer was merged
 * @param resultMask flags that may be reported, by the features enabled
 */
record RxLayout(boolean used, int perFrame, int size0, int size1, boolean usesRing1, int bufferBytes, int maxBuffers,
        int mtu, int maxFrame, int resultMask) {

    private static final int MULTIPLE = 32;
    private static final int MAX_RING = 4096;
    /** Largest packet that a device merges: IP's limit, Ethernet header, VLAN tag. */
    private static final int MAX_MERGED = 65535 + 18;
    private static final int CHECKSUM_RESULTS = PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD
            | PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;

    /** The shape that a configuration asks for. Ring 0 holds whole frames' worth, so its size may differ a little. */
    static RxLayout of(PluginConfig config, int poolBufferSize) {
        int buffer = Math.min(poolBufferSize, RxDescriptor.MAX_BUFFER);
        if (buffer < RxDescriptor.MIN_HEAD) {
            throw new PluginException("1.07", "receive buffers have " + poolBufferSize + " bytes; vmxnet3 needs at "
                    + "least " + RxDescriptor.MIN_HEAD);
        }
        int perFrame = divideUp(config.maxFrame(), buffer);
        if (perFrame > 1 && !config.has(Feature.RX_SCATTER)) {
            throw new PluginException("1.07", "mtu " + config.mtu() + " takes " + perFrame + " buffers of " + buffer
                    + " bytes a frame; enable RX_SCATTER or give larger buffers");
        }
        boolean lro = config.has(Feature.LRO) && config.has(Feature.RX_SCATTER);
        int unit = MULTIPLE * perFrame;
        int size0 = Math.max(1, config.rxRingSize() / unit) * unit;
        int size1 = lro ? Math.min(MAX_RING, Math.max(2 * MULTIPLE, config.rxRingSize()))
                : perFrame > 1 ? 2 * MULTIPLE : MULTIPLE;
        int maxBuffers = lro ? divideUp(MAX_MERGED, buffer) : perFrame;
        int mask = -1;
        mask &= config.has(Feature.RX_CHECKSUM) ? -1 : ~CHECKSUM_RESULTS;
        mask &= config.has(Feature.RSS) ? -1 : ~PacketFlags.RX_HASH;
        return new RxLayout(true, perFrame, size0, size1, lro || perFrame > 1, buffer, maxBuffers, config.mtu(),
                lro ? config.maxFrame() : Integer.MAX_VALUE, mask);
    }

    /** A queue of the smallest shape that gets no buffers. */
    RxLayout unused() {
        return new RxLayout(false, 1, MULTIPLE, MULTIPLE, false, bufferBytes, maxBuffers, mtu, maxFrame, resultMask);
    }

    private static int divideUp(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    /** Whether a completion of a whole packet is one of a sane length, without error, and certainly not merged. */
    boolean isPlain(long high) {
        int length = RxCompletion.length(high);
        return length != 0 && length <= bufferBytes && length <= maxFrame && !RxCompletion.isError(high)
                && !RxCompletion.isLro(high);
    }

    int offset1() {
        return size0 << RxDescriptor.SHIFT;
    }

    int completionOffset() {
        return size0 + size1 << RxDescriptor.SHIFT;
    }

    /** Completions: one for every descriptor, so that the ring never overflows. */
    int completions() {
        return size0 + size1;
    }

    /** Bytes of all three rings. */
    int bytes() {
        return 2 * completionOffset();
    }
}
