package dev.npa.plugin.vmxnet3;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.vmxnet3.control.DriverShared;
import dev.npa.plugin.vmxnet3.control.QueueTable;
import java.util.EnumSet;

/** What every device of revision 1 can do (fact sheet §7, §9, §17). */
final class Vmxnet3Capabilities {

    private static final int MIN_RING = 32;
    private static final int MAX_RING = 4096;
    /** Largest packet with TSO. */
    private static final int MAX_TSO_BYTES = 65535;
    /** Shortest frame, an Ethernet header. */
    private static final int MIN_FRAME = 14;
    private static final int MAX_MTU = 9000;

    private Vmxnet3Capabilities() {}

    /** Without {@code TX_IP_CHECKSUM}: the device computes an IP header's sum only as a part of TSO. */
    static PluginCapabilities of(int shellVectors) {
        EnumSet<Feature> features = EnumSet.complementOf(EnumSet.of(Feature.TX_IP_CHECKSUM));
        return new PluginCapabilities(features, QueueTable.MAX_QUEUES, QueueTable.MAX_QUEUES, MIN_RING, MAX_RING,
                MIN_RING, TxDescriptor.MAX_PER_PACKET, MAX_TSO_BYTES, TxDescriptor.MAX_HEADERS, MIN_FRAME,
                MAX_MTU, queueVectors(shellVectors));
    }

    /** The last vector is for events, unless it is the only one. */
    private static int queueVectors(int shellVectors) {
        int usable = Math.min(shellVectors, DriverShared.MAX_VECTORS);
        return usable > 1 ? usable - 1 : usable;
    }
}
