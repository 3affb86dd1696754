package dev.npa.plugin.support;

import dev.npa.hw.DmaMemory;
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
import dev.npa.shell.Shell;
import java.util.ArrayList;
import java.util.List;

/**
 * A plugin's life and its refusals; a chip's plugin adds what its registers want. Every call is checked against
 * {@link PluginLifecycle}, configuration and vectors before a method of the subclass sees it. Memory of rings comes from
 * {@link #allocate} and is freed when the plugin is closed or cannot be configured.
 */
public abstract class AbstractPlugin implements Plugin {

    private final Shell shell;
    private final String device;
    private final PluginCapabilities capabilities;
    private final PluginLifecycle lifecycle = new PluginLifecycle();
    private final List<DmaMemory> memory = new ArrayList<>();
    private PluginConfig config;
    private Queues queues;

    /**
     * The queues of a configured plugin; arrays may be longer than what was configured.
     *
     * @param tx transmit queues
     * @param rx receive queues
     */
    public record Queues(TxQueue[] tx, RxQueue[] rx) {}

    /**
     * Creates a plugin that holds nothing.
     *
     * @param device what to call the device in messages
     */
    protected AbstractPlugin(Shell shell, String device, PluginCapabilities capabilities) {
        this.shell = shell;
        this.device = device;
        this.capabilities = capabilities;
    }

    /** Resets the device, makes and programs rings for a configuration that the capabilities allow; enables nothing. */
    protected abstract Queues setUp(PluginConfig wanted);

    /** Enables the queues and posts buffers; also after {@link #disable}. If it throws, {@link #disable} follows. */
    protected abstract void enable();

    /**
     * Brings the queues to rest without waiting.
     *
     * @param first whether this is the first call since {@link #enable}
     * @return true once nothing is in flight and the device writes to no buffer
     */
    protected abstract boolean settle(boolean first);

    /**
     * Masks interrupts, disables the queues, gives receive buffers back and aborts what is in flight.
     *
     * @return false if the device may still do DMA; then the plugin is faulted and its buffers stay with the device
     */
    protected abstract boolean disable();

    /** Lets go of the device, before the memory is freed; the queues are disabled if they can be. */
    protected abstract void release();

    /** Reads a counter of the device. */
    protected abstract long read(DeviceCounter counter);

    /** As {@link #onInterrupt}, for a vector of this plugin. */
    protected abstract boolean fired(int vector);

    /** As {@link #enableInterrupt}, for a vector of this plugin while it runs. */
    protected abstract void unmask(int vector);

    /** As {@link #disableInterrupt}, for a vector of this plugin. */
    protected abstract void mask(int vector);

    /** Whether a vector is this plugin's: those of the configuration, unless a chip has others besides. */
    protected boolean owns(int vector) {
        return vector >= 0 && vector < config.vectors();
    }

    protected final Shell shell() {
        return shell;
    }

    /** The configuration; null before {@link #configure} and after {@link #close}. */
    protected final PluginConfig config() {
        return config;
    }

    /** Whether frames flow, or are coming to rest. */
    protected final boolean isUp() {
        return lifecycle.state() == State.RUNNING || lifecycle.state() == State.QUIESCED;
    }

    /** The device failed: only {@link #close} is left. */
    protected final void fault() {
        lifecycle.fire(Event.FAULT);
    }

    /** Allocates memory of a ring. */
    protected final DmaMemory allocate(int bytes, int alignment) {
        DmaMemory window = shell.allocate(bytes, alignment);
        memory.add(window);
        return window;
    }

    @Override
    public final PluginCapabilities capabilities() {
        if (lifecycle.state() == State.RELEASED) {
            throw refused("capabilities()");
        }
        return capabilities;
    }

    @Override
    public final void configure(PluginConfig wanted) {
        lifecycle.check(Event.CONFIGURE);
        wanted.check(capabilities);
        config = wanted;
        try {
            queues = setUp(wanted);
        } catch (RuntimeException e) {
            letGo();
            throw e;
        }
        lifecycle.fire(Event.CONFIGURE);
    }

    @Override
    public final void start() {
        lifecycle.check(Event.START);
        try {
            enable();
        } catch (RuntimeException e) {
            if (!disable()) {
                fault();
            }
            throw e;
        }
        lifecycle.fire(Event.START);
    }

    @Override
    public final boolean quiesce() {
        lifecycle.check(Event.QUIESCE);
        boolean atRest = settle(lifecycle.state() == State.RUNNING);
        lifecycle.fire(Event.QUIESCE);
        return atRest;
    }

    @Override
    public final void stop() {
        lifecycle.check(Event.STOP);
        if (!disable()) {
            fault();
            throw new PluginException("3.01", "the " + device + " does not stop its queues; its buffers stay with it"
                    + " until a function-level reset");
        }
        lifecycle.fire(Event.STOP);
    }

    @Override
    public final void close() {
        State state = lifecycle.state();
        boolean mayRun = isUp() || state == State.FAULTED;
        lifecycle.fire(Event.CLOSE);
        if (queues != null) {
            if (mayRun) {
                quietly(this::disable);
            }
            letGo();
        }
    }

    private void letGo() {
        quietly(this::release);
        for (DmaMemory window : memory) {
            quietly(() -> shell.free(window));
        }
        memory.clear();
        queues = null;
        config = null;
    }

    /** The shell frees what a failing plugin holds; closing throws nothing. */
    private void quietly(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            warn(e);
        }
    }

    private void warn(RuntimeException e) {
        try {
            shell.log().warn(device + ": left resources to the shell: " + e.getMessage());
        } catch (RuntimeException revoked) {
            // The log was revoked with everything else: there is nobody to tell.
            return;
        }
    }

    @Override
    public final TxQueue txQueue(int index) {
        check("txQueue", index, config == null ? 0 : config.txQueues());
        return queues.tx()[index];
    }

    @Override
    public final RxQueue rxQueue(int index) {
        check("rxQueue", index, config == null ? 0 : config.rxQueues());
        return queues.rx()[index];
    }

    private void check(String call, int index, int count) {
        if (queues == null) {
            throw refused(call + "(" + index + ")");
        }
        if (index < 0 || index >= count) {
            throw new PluginException("1.07", call + "(" + index + "): queues 0.." + (count - 1) + " are configured");
        }
    }

    @Override
    public final long counter(DeviceCounter counter) {
        if (queues == null) {
            throw refused("counter(" + counter + ")");
        }
        return read(counter);
    }

    @Override
    public final boolean onInterrupt(int vector) {
        checkVector("onInterrupt", vector);
        return fired(vector);
    }

    @Override
    public final void enableInterrupt(int vector) {
        checkVector("enableInterrupt", vector);
        if (!isUp()) {
            throw refused("enableInterrupt(" + vector + ")");
        }
        unmask(vector);
    }

    @Override
    public final void disableInterrupt(int vector) {
        checkVector("disableInterrupt", vector);
        mask(vector);
    }

    /** Called for every interrupt: texts are made when they are needed. */
    private void checkVector(String call, int vector) {
        if (queues == null) {
            throw refused(call + "(" + vector + ")");
        }
        if (!owns(vector)) {
            throw new PluginException("1.07", call + "(" + vector + "): the configuration has " + config.vectors()
                    + " vectors, from 0");
        }
    }

    private PluginException refused(String call) {
        return new PluginException("3.01", call + " is not allowed in state " + lifecycle.state());
    }
}
