package dev.npa.shell.runtime.netdev;

import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * All counters of the guest's network device: 64 bits, never going back, whatever plugin carries it.
 *
 * <p>Three sources: what the operating system's queues moved ({@link #queue}), what the carriers' queues count
 * ({@link #carrierTx}, {@link #carrierRx}; sums over all carriers there ever were), and what the carriers' silicon
 * counts ({@link #device}; frames on the wire's side of the offloads).
 */
public final class DeviceStatistics {

    private static final int QUEUE_COUNTERS = QueueCounter.values().length;

    private final QueueStatistics[] queues;
    private final long[][] carrierTx = new long[NetDevice.MAX_QUEUES][QUEUE_COUNTERS];
    private final long[][] carrierRx = new long[NetDevice.MAX_QUEUES][QUEUE_COUNTERS];
    private final long[] device = new long[DeviceCounter.values().length];
    private Runnable refresh = () -> { };

    public DeviceStatistics(int queues) {
        this.queues = new QueueStatistics[queues];
        for (int q = 0; q < queues; q++) {
            this.queues[q] = new QueueStatistics();
        }
    }

    /** Sets what reads the present carrier's counters; {@link #refresh} calls it. */
    public void source(Runnable reader) {
        refresh = reader;
    }

    /** Reads the present carrier's counters; on the guest's first virtual CPU only. Else they are up to 10 s old. */
    public void refresh() {
        refresh.run();
    }

    public int queues() {
        return queues.length;
    }

    /** Counters of one of the operating system's queue pairs. */
    public QueueStatistics queue(int index) {
        return queues[index];
    }

    /** Sum over the queue pairs. */
    public long total(Counter counter) {
        long sum = 0;
        for (QueueStatistics queue : queues) {
            sum += queue.get(counter);
        }
        return sum;
    }

    /** What the carriers' transmit queues of this number counted. */
    public long carrierTx(int queue, QueueCounter counter) {
        return carrierTx[queue][counter.ordinal()];
    }

    /** What the carriers' receive queues of this number counted. */
    public long carrierRx(int queue, QueueCounter counter) {
        return carrierRx[queue][counter.ordinal()];
    }

    /** What the carriers' devices counted. */
    public long device(DeviceCounter counter) {
        return device[counter.ordinal()];
    }

    public void addCarrierTx(int queue, QueueCounter counter, long amount) {
        carrierTx[queue][counter.ordinal()] += amount;
    }

    public void addCarrierRx(int queue, QueueCounter counter, long amount) {
        carrierRx[queue][counter.ordinal()] += amount;
    }

    public void addDevice(DeviceCounter counter, long amount) {
        device[counter.ordinal()] += amount;
    }

    public long txPackets() {
        return total(Counter.TX_PACKETS);
    }

    public long txBytes() {
        return total(Counter.TX_BYTES);
    }

    public long txAborted() {
        return total(Counter.TX_ABORTED);
    }

    public long txLost() {
        return total(Counter.TX_LOST);
    }

    public long txRefused() {
        return total(Counter.TX_REFUSED);
    }

    public long rxPackets() {
        return total(Counter.RX_PACKETS);
    }

    public long rxBytes() {
        return total(Counter.RX_BYTES);
    }

    /** Received packets that were dropped on purpose or for want of room, by the device or the operating system. */
    public long rxDropped() {
        return total(Counter.RX_DROPPED_DUPLICATES) + total(Counter.RX_DROPPED_ECHOES) + total(Counter.RX_DROPPED_OS);
    }

    /**
     * All counters by name, always the same names in the same order: {@code tx_packets} for the device,
     * {@code queue_0_tx_packets} for a queue pair, {@code carrier_queue_0_tx_doorbells} and
     * {@code device_rx_frames} for what carriers count.
     */
    public Map<String, Long> named() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            all.put(lower(counter), total(counter));
        }
        for (DeviceCounter counter : DeviceCounter.values()) {
            all.put("device_" + lower(counter), device(counter));
        }
        for (int q = 0; q < queues.length; q++) {
            int queue = q;
            for (Counter counter : Counter.values()) {
                all.put("queue_" + q + "_" + lower(counter), queues[q].get(counter));
            }
            putCarrier(all, "carrier_queue_" + q + "_tx_", c -> carrierTx(queue, c));
            putCarrier(all, "carrier_queue_" + q + "_rx_", c -> carrierRx(queue, c));
        }
        return all;
    }

    private static void putCarrier(Map<String, Long> all, String prefix, ToLongFunction<QueueCounter> value) {
        for (QueueCounter counter : QueueCounter.values()) {
            all.put(prefix + lower(counter), value.applyAsLong(counter));
        }
    }

    private static String lower(Enum<?> counter) {
        return counter.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "sent " + txPackets() + " packets, " + txBytes() + " bytes, aborted " + txAborted() + ", lost "
                + txLost() + ", refused " + txRefused() + "; received " + rxPackets() + " packets, " + rxBytes()
                + " bytes, dropped " + rxDropped();
    }
}
