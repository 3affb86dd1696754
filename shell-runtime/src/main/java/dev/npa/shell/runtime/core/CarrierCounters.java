package dev.npa.shell.runtime.core;

import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.path.DataPath;

/** Adds what one carrier counts to the device's statistics, as differences: they go on when the carrier goes. */
final class CarrierCounters {

    private static final QueueCounter[] QUEUE = QueueCounter.values();
    private static final DeviceCounter[] DEVICE = DeviceCounter.values();

    private final PluginInstance carrier;
    private final DeviceStatistics statistics;
    private final long[] seen;

    CarrierCounters(PluginInstance carrier, DeviceStatistics statistics) {
        this.carrier = carrier;
        this.statistics = statistics;
        this.seen = new long[DEVICE.length + 2 * QUEUE.length * carrier.paths().length];
    }

    PluginInstance carrier() {
        return carrier;
    }

    /** Reads everything. Whatever the plugin throws passes through. */
    void read() {
        int at = 0;
        for (DeviceCounter counter : DEVICE) {
            statistics.addDevice(counter, difference(at++, carrier.counter(counter)));
        }
        DataPath[] paths = carrier.paths();
        for (int q = 0; q < paths.length; q++) {
            for (QueueCounter counter : QUEUE) {
                statistics.addCarrierTx(q, counter, difference(at++, paths[q].txCounter(counter)));
                statistics.addCarrierRx(q, counter, difference(at++, paths[q].rxCounter(counter)));
            }
        }
    }

    /** A counter that went back is the plugin's fault; the sum stays where it is then. */
    private long difference(int at, long value) {
        long difference = value - seen[at];
        seen[at] = value;
        return Math.max(0, difference);
    }
}
