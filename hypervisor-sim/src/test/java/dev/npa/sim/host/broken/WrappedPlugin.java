package dev.npa.sim.host.broken;

import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;

/** The delivered plugin behind a wrapper that does nothing wrong by itself. Subclasses misbehave at one point. */
class WrappedPlugin implements Plugin, TxQueue, RxQueue {

    /** Packets that pass in a direction before a subclass misbehaves on the data path. */
    static final int GOOD_PACKETS = 300;

    private final Plugin real;
    private TxQueue tx;
    private RxQueue rx;

    WrappedPlugin(Plugin real) {
        this.real = real;
    }

    /** One queue pair: the one that is wrapped. */
    @Override
    public PluginCapabilities capabilities() {
        PluginCapabilities can = real.capabilities();
        return new PluginCapabilities(can.features(), 1, 1, can.minRingSize(), can.maxRingSize(),
                can.ringSizeMultiple(), can.maxTxSegments(), can.maxTsoBytes(), can.maxHeaderBytes(), can.minFrame(),
                can.maxMtu(), 1);
    }

    @Override
    public void configure(PluginConfig config) {
        real.configure(config);
    }

    @Override
    public void start() {
        real.start();
        tx = real.txQueue(0);
        rx = real.rxQueue(0);
    }

    @Override
    public boolean quiesce() {
        return real.quiesce();
    }

    @Override
    public void stop() {
        real.stop();
    }

    @Override
    public void close() {
        real.close();
    }

    @Override
    public TxQueue txQueue(int index) {
        return this;
    }

    @Override
    public RxQueue rxQueue(int index) {
        return this;
    }

    @Override
    public long counter(DeviceCounter counter) {
        return real.counter(counter);
    }

    @Override
    public boolean onInterrupt(int vector) {
        return real.onInterrupt(vector);
    }

    @Override
    public void enableInterrupt(int vector) {
        real.enableInterrupt(vector);
    }

    @Override
    public void disableInterrupt(int vector) {
        real.disableInterrupt(vector);
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        return tx.transmit(burst, from, to);
    }

    @Override
    public int reclaim(int budget) {
        return tx.reclaim(budget);
    }

    @Override
    public int outstanding() {
        return tx.outstanding();
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        return rx.receive(into, budget);
    }

    @Override
    public long counter(QueueCounter counter) {
        return tx.counter(counter);
    }

    /** Whether enough packets went the transmit way. */
    boolean sentEnough() {
        return tx.counter(QueueCounter.PACKETS) >= GOOD_PACKETS;
    }

    /** Whether enough packets came the receive way. */
    boolean receivedEnough() {
        return rx.counter(QueueCounter.PACKETS) >= GOOD_PACKETS;
    }
}
