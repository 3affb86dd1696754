package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.support.AbstractPlugin;
import dev.npa.plugin.support.TxRequest;
import dev.npa.plugin.vmxnet3.control.DataPath;
import dev.npa.plugin.vmxnet3.control.DriverShared;
import dev.npa.plugin.vmxnet3.control.QueueTable;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Command;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Control;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Event;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Registers;
import dev.npa.shell.Shell;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The data path over the emulated device.
 *
 * <p><b>Whose control channel.</b> With a shell's {@link Vmxnet3Control} this plugin touches only what belongs to the
 * data path: events, filters, address and the event vector stay as they are through its whole life, and quiescing waits
 * for transmits only, because the hypervisor decides when the device receives no more. With a control channel of its
 * own {@link #configure} resets the device, {@link #quiesce} stops it once transmits are done, and the event vector is
 * this plugin's as well.
 *
 * <p><b>Stopping.</b> {@link #stop} stops the device with QUIESCE_DEV, unless it has let go already: after
 * {@link Vmxnet3Control#stopEmulation}, which is how a switch to a VF ends.
 */
public final class Vmxnet3Plugin extends AbstractPlugin {

    private static final int RING_ALIGNMENT = 512;
    private static final int MAX_VLAN = 4094;

    private final boolean ownsControl;
    private Vmxnet3Control control;
    private RxLayout layout;
    private Vmxnet3TxQueue[] tx;
    private Vmxnet3RxQueue[] rx;
    private DeviceCounters counters;

    /** Creates a plugin with a control channel of its own, opened by {@link #configure}. */
    Vmxnet3Plugin(Shell shell) {
        this(shell, null);
    }

    /**
     * Creates a plugin on a shell's control channel; touches nothing. One data path at a time: {@link #configure}
     * refuses while another plugin's is active.
     */
    public Vmxnet3Plugin(Shell shell, Vmxnet3Control control) {
        super(shell, "vmxnet3", Vmxnet3Capabilities.of(shell.vectors()));
        this.control = control;
        ownsControl = control == null;
    }

    @Override
    protected Queues setUp(PluginConfig wanted) {
        layout = RxLayout.of(wanted, shell().buffers().bufferSize());
        if (ownsControl) {
            Set<Integer> allVlans = IntStream.rangeClosed(0, MAX_VLAN).boxed().collect(Collectors.toUnmodifiableSet());
            control = Vmxnet3Control.open(shell()); // §12: opening resets the device
            control.receiveMode(true, true, true, false, Set.of(), allVlans);
        } else if (control.isDataPathActive()) {
            throw new PluginException("3.02", "another plugin's data path is active on this device; stop it first");
        }
        RegisterWindow doorbell = shell().registers(Vmxnet3Registers.BAR_PT);
        DmaMemory table = control.queueTable();
        // Devices of revision 1 want powers of two (§14): what is above the configured number is never used.
        tx = new Vmxnet3TxQueue[powerOfTwo(wanted.txQueues())];
        rx = new Vmxnet3RxQueue[powerOfTwo(wanted.rxQueues())];
        for (int q = 0; q < tx.length; q++) {
            int size = q < wanted.txQueues() ? wanted.txRingSize() : capabilities().minRingSize();
            DmaMemory ring = allocate(Vmxnet3TxQueue.bytes(size), RING_ALIGNMENT);
            tx[q] = new Vmxnet3TxQueue(q, size, new TxRequest(wanted, capabilities()), ring, table, doorbell);
        }
        for (int q = 0; q < rx.length; q++) {
            RxLayout shape = q < wanted.rxQueues() ? layout : layout.unused();
            DmaMemory rings = allocate(shape.bytes(), RING_ALIGNMENT);
            rx[q] = new Vmxnet3RxQueue(q, tx.length, rx.length, shape, rings, table, doorbell, shell().buffers());
        }
        counters = new DeviceCounters(table, tx.length, rx.length);
        return new Queues(tx, rx);
    }

    private static int powerOfTwo(int count) {
        return Integer.highestOneBit(2 * count - 1);
    }

    @Override
    protected void enable() {
        for (int q = 0; q < tx.length; q++) {
            tx[q].prepare(vectorOf(q));
        }
        for (int q = 0; q < rx.length; q++) {
            rx[q].prepare(vectorOf(q));
        }
        if (!control.activate(dataPath())) {
            throw new PluginException("3.04", "vmxnet3 refused ACTIVATE_DEV with " + tx.length + " transmit and "
                    + rx.length + " receive queues, MTU " + config().mtu());
        }
        for (Vmxnet3TxQueue queue : tx) {
            queue.open();
        }
        for (Vmxnet3RxQueue queue : rx) {
            queue.open();
        }
    }

    /** Without queue vectors every queue names vector 0, which then stays masked or is the event vector. */
    private int vectorOf(int queue) {
        return config().vectors() == 0 ? 0 : queue % config().vectors();
    }

    private DataPath dataPath() {
        PluginConfig config = config();
        boolean rss = config.has(Feature.RSS) && config.rxQueues() > 1;
        int features = (config.has(Feature.RX_CHECKSUM) ? DriverShared.UPT_RXCSUM : 0)
                | (rss ? DriverShared.UPT_RSS : 0)
                | (config.has(Feature.VLAN_STRIP) ? DriverShared.UPT_RXVLAN : 0)
                | (config.has(Feature.LRO) ? DriverShared.UPT_LRO : 0);
        return new DataPath(tx.length, rx.length, rss ? config.rxQueues() : 0, config.mtu(), layout.maxBuffers(),
                features);
    }

    @Override
    protected boolean settle(boolean first) {
        boolean drained = true;
        for (Vmxnet3TxQueue queue : tx) {
            queue.quiesce();
            drained &= queue.isDrained();
        }
        if (drained && ownsControl && control.isDataPathActive()) {
            control.quiesce(); // the only way to end reception; what was received stays in the rings for the shell
            for (Vmxnet3RxQueue queue : rx) {
                queue.drain();
            }
        }
        return drained;
    }

    /** Commands are synchronous: once QUIESCE_DEV is through, the device does no DMA. §4 */
    @Override
    protected boolean disable() {
        for (int vector = 0; vector < config().vectors(); vector++) {
            if (ownsControl || vector != control.eventVector()) {
                control.maskVector(vector);
            }
        }
        if (control.isDataPathActive()) {
            control.command(Vmxnet3Command.GET_STATS);
            control.quiesce();
        }
        counters.keep();
        for (Vmxnet3TxQueue queue : tx) {
            queue.stop();
        }
        for (Vmxnet3RxQueue queue : rx) {
            queue.stop();
        }
        return true;
    }

    @Override
    protected void release() {
        if (ownsControl && control != null) {
            control.close();
            control = null;
        }
    }

    @Override
    protected long read(DeviceCounter counter) {
        if (control.isDataPathActive()) {
            control.command(Vmxnet3Command.GET_STATS);
        }
        return counters.read(counter);
    }

    @Override
    protected boolean owns(int vector) {
        return super.owns(vector) || ownsControl && vector == control.eventVector() && vector < control.vectors();
    }

    @Override
    protected boolean fired(int vector) {
        if (!isUp()) {
            return false;
        }
        // Also with automatic masking: a device may deliver a pending cause without masking again (§5).
        control.maskVector(vector);
        int events = ownsControl && vector == control.eventVector() ? control.takeEvents() : 0;
        if ((events & (Vmxnet3Event.RQERR | Vmxnet3Event.TQERR)) != 0) {
            shell().log().error("vmxnet3 stopped " + stoppedQueue() + "; close the plugin and make another", null);
            fault();
        }
        return vector < config().vectors() || events != 0;
    }

    private String stoppedQueue() {
        control.command(Vmxnet3Command.GET_QUEUE_STATUS);
        DmaMemory table = control.queueTable();
        for (int q = 0; q < tx.length + rx.length; q++) {
            int at = q * QueueTable.DESCRIPTOR;
            if (table.getByte(at + QueueTable.STATUS_STOPPED) != 0) {
                return (q < tx.length ? "transmit queue " + q : "receive queue " + (q - tx.length)) + " with error 0x"
                        + Integer.toHexString(table.getInt(at + QueueTable.STATUS_ERROR)); // §5
            }
        }
        return "a queue and names none";
    }

    @Override
    protected void unmask(int vector) {
        control.unmaskVector(vector);
    }

    @Override
    protected void mask(int vector) {
        control.maskVector(vector);
    }
}
