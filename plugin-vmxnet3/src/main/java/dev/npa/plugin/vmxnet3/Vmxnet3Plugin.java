package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.Feature;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.PluginLifecycle;
import dev.npa.plugin.PluginLifecycle.Event;
import dev.npa.plugin.PluginLifecycle.State;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.vmxnet3.control.DataPath;
import dev.npa.plugin.vmxnet3.control.DriverShared;
import dev.npa.plugin.vmxnet3.control.QueueTable;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Command;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Control;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Event;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Registers;
import dev.npa.shell.Shell;
import java.util.ArrayList;
import java.util.List;
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
public final class Vmxnet3Plugin implements Plugin {

    private static final int RING_ALIGNMENT = 512;
    private static final int MAX_VLAN = 4094;

    private final Shell shell;
    private final boolean ownsControl;
    private final PluginLifecycle lifecycle = new PluginLifecycle();
    private final PluginCapabilities capabilities;
    private final List<DmaMemory> memories = new ArrayList<>();
    private Vmxnet3Control control;
    private PluginConfig config;
    private RxLayout layout;
    private Vmxnet3TxQueue[] tx = {};
    private Vmxnet3RxQueue[] rx = {};
    private DeviceCounters counters;

    /** Creates a plugin with a control channel of its own, opened by {@link #configure}. */
    Vmxnet3Plugin(Shell shell) {
        this(shell, null, true);
    }

    /**
     * Creates a plugin on a shell's control channel; touches nothing. One data path at a time: {@link #configure}
     * refuses while another plugin's is active.
     */
    public Vmxnet3Plugin(Shell shell, Vmxnet3Control control) {
        this(shell, control, false);
    }

    private Vmxnet3Plugin(Shell shell, Vmxnet3Control control, boolean ownsControl) {
        this.shell = shell;
        this.control = control;
        this.ownsControl = ownsControl;
        capabilities = Vmxnet3Capabilities.of(shell.vectors());
    }

    @Override
    public PluginCapabilities capabilities() {
        if (lifecycle.state() == State.RELEASED) {
            throw notIn("capabilities()");
        }
        return capabilities;
    }

    @Override
    public void configure(PluginConfig wanted) {
        lifecycle.check(Event.CONFIGURE);
        wanted.check(capabilities);
        RxLayout shape = RxLayout.of(wanted, shell.buffers().bufferSize());
        if (!ownsControl && control.isDataPathActive()) {
            throw new PluginException("3.02", "another plugin's data path is active on this device; stop it first");
        }
        config = wanted;
        layout = shape;
        try {
            if (ownsControl) {
                control = Vmxnet3Control.open(shell); // §12: opening resets the device
                control.receiveMode(true, true, true, false, Set.of(), allVlans());
            }
            createQueues();
        } catch (PluginException e) {
            release();
            throw e;
        } catch (RuntimeException e) {
            release();
            throw new PluginException("3.04", "configure: " + e.getMessage(), e);
        }
        lifecycle.fire(Event.CONFIGURE);
    }

    private static Set<Integer> allVlans() {
        return IntStream.rangeClosed(0, MAX_VLAN).boxed().collect(Collectors.toUnmodifiableSet());
    }

    /** Devices of revision 1 want powers of two (§14): what is above the configured number is never used. */
    private void createQueues() {
        RegisterWindow doorbell = shell.registers(Vmxnet3Registers.BAR_PT);
        DmaMemory table = control.queueTable();
        tx = new Vmxnet3TxQueue[powerOfTwo(config.txQueues())];
        rx = new Vmxnet3RxQueue[powerOfTwo(config.rxQueues())];
        TxLimits limits = TxLimits.of(config);
        for (int q = 0; q < tx.length; q++) {
            int size = q < config.txQueues() ? config.txRingSize() : capabilities.minRingSize();
            DmaMemory ring = allocate(Vmxnet3TxQueue.bytes(size));
            tx[q] = new Vmxnet3TxQueue(q, size, limits, ring, table, doorbell);
        }
        for (int q = 0; q < rx.length; q++) {
            RxLayout shape = q < config.rxQueues() ? layout : layout.unused();
            rx[q] = new Vmxnet3RxQueue(q, tx.length, rx.length, shape, allocate(shape.bytes()), table, doorbell,
                    shell.buffers());
        }
        counters = new DeviceCounters(table, tx.length, rx.length);
    }

    private static int powerOfTwo(int count) {
        return count == 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
    }

    private DmaMemory allocate(int bytes) {
        DmaMemory memory = shell.allocate(bytes, RING_ALIGNMENT);
        memories.add(memory);
        return memory;
    }

    @Override
    public void start() {
        lifecycle.check(Event.START);
        try {
            for (int q = 0; q < tx.length; q++) {
                tx[q].prepare(vectorOf(q));
            }
            for (int q = 0; q < rx.length; q++) {
                rx[q].prepare(vectorOf(q));
            }
            if (!control.activate(dataPath())) {
                throw new PluginException("3.04", "vmxnet3 refused ACTIVATE_DEV with " + tx.length + " transmit and "
                        + rx.length + " receive queues, MTU " + config.mtu());
            }
        } catch (RuntimeException e) {
            for (Vmxnet3RxQueue queue : rx) {
                queue.stop();
            }
            throw e instanceof PluginException ? e : new PluginException("3.04", "start: " + e.getMessage(), e);
        }
        for (Vmxnet3TxQueue queue : tx) {
            queue.open();
        }
        for (Vmxnet3RxQueue queue : rx) {
            queue.open();
        }
        lifecycle.fire(Event.START);
    }

    /** Without queue vectors every queue names vector 0, which then stays masked or is the event vector. */
    private int vectorOf(int queue) {
        return config.vectors() == 0 ? 0 : queue % config.vectors();
    }

    private DataPath dataPath() {
        boolean rss = config.has(Feature.RSS) && config.rxQueues() > 1;
        int features = (config.has(Feature.RX_CHECKSUM) ? DriverShared.UPT_RXCSUM : 0)
                | (rss ? DriverShared.UPT_RSS : 0)
                | (config.has(Feature.VLAN_STRIP) ? DriverShared.UPT_RXVLAN : 0)
                | (config.has(Feature.LRO) ? DriverShared.UPT_LRO : 0);
        return new DataPath(tx.length, rx.length, rss ? config.rxQueues() : 0, config.mtu(), layout.maxBuffers(),
                features);
    }

    @Override
    public boolean quiesce() {
        lifecycle.check(Event.QUIESCE);
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
        lifecycle.fire(Event.QUIESCE);
        return drained;
    }

    @Override
    public void stop() {
        lifecycle.check(Event.STOP);
        stopDevice();
        lifecycle.fire(Event.STOP);
    }

    private void stopDevice() {
        for (int vector = 0; vector < config.vectors(); vector++) {
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
    }

    @Override
    public void close() {
        State state = lifecycle.state();
        if (state == State.RELEASED) {
            return;
        }
        if (state == State.RUNNING || state == State.QUIESCED || state == State.FAULTED && config != null) {
            quietly("stop", this::stopDevice);
        }
        release();
        lifecycle.fire(Event.CLOSE);
    }

    /** Frees what {@link #configure} acquired, as far as it came. */
    private void release() {
        for (DmaMemory memory : memories) {
            quietly("free", () -> shell.free(memory));
        }
        memories.clear();
        tx = new Vmxnet3TxQueue[0];
        rx = new Vmxnet3RxQueue[0];
        if (ownsControl && control != null) {
            quietly("close", control::close);
            control = null;
        }
        config = null;
    }

    private void quietly(String what, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            shell.log().warn(what + " of the vmxnet3 plugin: " + e.getMessage());
        }
    }

    @Override
    public TxQueue txQueue(int index) {
        return tx[queue("transmit", index, config == null ? 0 : config.txQueues())];
    }

    @Override
    public RxQueue rxQueue(int index) {
        return rx[queue("receive", index, config == null ? 0 : config.rxQueues())];
    }

    private int queue(String kind, int index, int count) {
        if (config == null) {
            throw notIn(kind + " queue " + index);
        }
        if (index < 0 || index >= count) {
            throw new PluginException("1.07", kind + " queue " + index + " does not exist; configured are 0.."
                    + (count - 1));
        }
        return index;
    }

    @Override
    public long counter(DeviceCounter counter) {
        if (config == null) {
            throw notIn("counter(" + counter + ")");
        }
        if (control.isDataPathActive()) {
            control.command(Vmxnet3Command.GET_STATS);
        }
        return counters.read(counter);
    }

    @Override
    public boolean onInterrupt(int vector) {
        if (!isUp() || !isOurs(vector)) {
            return false;
        }
        // Also with automatic masking: a device may deliver a pending cause without masking again (§5).
        control.maskVector(vector);
        int events = ownsControl && vector == control.eventVector() ? takeEvents() : 0;
        return vector < config.vectors() || events != 0;
    }

    private int takeEvents() {
        int events = control.takeEvents();
        if ((events & (Vmxnet3Event.RQERR | Vmxnet3Event.TQERR)) != 0) {
            String fault = queueFault();
            shell.log().error(fault.isEmpty() ? "vmxnet3 reported a stopped queue and names none" : fault, null);
            lifecycle.fire(Event.FAULT);
        }
        return events;
    }

    /**
     * Asks the device which queue it stopped. For the shell that saw RQERR or TQERR; the way out is to stop and start.
     *
     * @return a sentence about the first stopped queue, empty when none is
     */
    public String queueFault() {
        if (!isUp()) {
            return "";
        }
        control.command(Vmxnet3Command.GET_QUEUE_STATUS);
        DmaMemory table = control.queueTable();
        for (int q = 0; q < tx.length + rx.length; q++) {
            int at = q * QueueTable.DESCRIPTOR;
            if (table.getByte(at + QueueTable.STATUS_STOPPED) != 0) {
                String name = q < tx.length ? "transmit queue " + q : "receive queue " + (q - tx.length);
                return "vmxnet3 stopped " + name + " with error 0x"
                        + Integer.toHexString(table.getInt(at + QueueTable.STATUS_ERROR))
                        + "; stop and start the plugin";
            }
        }
        return "";
    }

    @Override
    public void enableInterrupt(int vector) {
        if (!isUp()) {
            throw notIn("enableInterrupt(" + vector + ")");
        }
        checkVector(vector);
        control.unmaskVector(vector);
    }

    @Override
    public void disableInterrupt(int vector) {
        if (config == null) {
            throw notIn("disableInterrupt(" + vector + ")");
        }
        checkVector(vector);
        control.maskVector(vector);
    }

    private boolean isUp() {
        return lifecycle.state() == State.RUNNING || lifecycle.state() == State.QUIESCED;
    }

    private boolean isOurs(int vector) {
        return vector >= 0 && (vector < config.vectors()
                || ownsControl && vector == control.eventVector() && vector < control.vectors());
    }

    private void checkVector(int vector) {
        if (!isOurs(vector)) {
            throw new PluginException("1.07", "vector " + vector + " is not one of this plugin's; queues use 0.."
                    + (config.vectors() - 1));
        }
    }

    private PluginException notIn(String call) {
        return new PluginException("3.01", call + " is not allowed in state " + lifecycle.state());
    }
}
