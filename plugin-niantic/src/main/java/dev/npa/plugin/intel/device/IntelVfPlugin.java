package dev.npa.plugin.intel.device;

import dev.npa.hw.RegisterWindow;
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
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.shell.Shell;
import java.util.function.Supplier;

/** The data path of one VF; the image's factory says of which chip and how transmits are completed. */
public final class IntelVfPlugin implements Plugin {

    private final VfChip chip;
    private final Shell shell;
    private final Supplier<TxCompletion> completions;
    private final PluginLifecycle lifecycle = new PluginLifecycle();
    private PluginConfig config;
    private VfControl control;
    private QueueSet queues;
    private DeviceCounters counters;
    private boolean programmed;

    /**
     * Creates a plugin that holds nothing.
     *
     * @param chip what it drives
     * @param shell what it runs in
     * @param completions makes the completion of each transmit ring
     */
    public IntelVfPlugin(VfChip chip, Shell shell, Supplier<TxCompletion> completions) {
        this.chip = chip;
        this.shell = shell;
        this.completions = completions;
    }

    @Override
    public PluginCapabilities capabilities() {
        if (lifecycle.state() == State.RELEASED) {
            throw refused("capabilities()");
        }
        return chip.capabilities();
    }

    @Override
    public void configure(PluginConfig wanted) {
        lifecycle.check(Event.CONFIGURE);
        wanted.check(chip.capabilities());
        RegisterWindow registers = shell.registers(chip.bar());
        VfControl vf = new VfControl(registers, chip.control(), shell.clock());
        if (!vf.reset()) {
            throw new PluginException("1.07", "the " + chip.name() + " does not leave reset (mailbox register "
                    + hex(registers.read32(chip.control().mailbox())) + "); check that its PF driver is started");
        }
        QueueSet made = new QueueSet(chip, shell, registers, wanted, completions);
        try {
            made.program();
            vf.routeInterrupts(wanted.txQueues(), wanted.rxQueues(), wanted.vectors());
        } catch (RuntimeException e) {
            made.free();
            throw e;
        }
        lifecycle.fire(Event.CONFIGURE);
        config = wanted;
        control = vf;
        counters = new DeviceCounters(registers, chip.counters());
        queues = made;
        programmed = true;
    }

    @Override
    public void start() {
        lifecycle.check(Event.START);
        if (!programmed) {
            queues.program(); // after a stop, heads and tails are 0 again
            control.routeInterrupts(config.txQueues(), config.rxQueues(), config.vectors());
        }
        programmed = false;
        try {
            queues.start();
        } catch (RuntimeException e) {
            if (!rest()) {
                lifecycle.fire(Event.FAULT);
            }
            throw e;
        }
        lifecycle.fire(Event.START);
    }

    @Override
    public boolean quiesce() {
        lifecycle.check(Event.QUIESCE);
        boolean atRest = queues.quiesce(lifecycle.state() == State.RUNNING);
        lifecycle.fire(Event.QUIESCE);
        return atRest;
    }

    @Override
    public void stop() {
        lifecycle.check(Event.STOP);
        if (!rest()) {
            lifecycle.fire(Event.FAULT);
            throw new PluginException("3.01", "the " + chip.name() + " disables its queues neither when told nor by a"
                    + " reset; its buffers stay with it until a function-level reset");
        }
        lifecycle.fire(Event.STOP);
    }

    /** Disables interrupts and queues, by a reset if it must be; false if the device may still do DMA. */
    private boolean rest() {
        control.disableAll();
        boolean off = queues.disable();
        if (!off) {
            shell.log().warn(chip.name() + ": a queue does not disable; resetting the function");
            off = control.reset();
        }
        if (off) {
            queues.end();
        }
        return off;
    }

    @Override
    public void close() {
        State state = lifecycle.state();
        lifecycle.fire(Event.CLOSE);
        if (queues == null) {
            return;
        }
        try {
            if (state == State.RUNNING || state == State.QUIESCED || state == State.FAULTED) {
                rest();
            } else {
                queues.end(); // a ring that was programmed leaves a write-back address behind
            }
            queues.free();
        } catch (RuntimeException e) {
            // The shell frees what a failing plugin holds; close itself throws nothing.
            warn(e);
        }
        queues = null;
    }

    private void warn(RuntimeException e) {
        try {
            shell.log().warn(chip.name() + ": close left resources to the shell: " + e.getMessage());
        } catch (RuntimeException revoked) {
            // The log was revoked with everything else: there is nobody to tell.
            return;
        }
    }

    @Override
    public TxQueue txQueue(int index) {
        return configured("txQueue(" + index + ")").tx(index);
    }

    @Override
    public RxQueue rxQueue(int index) {
        return configured("rxQueue(" + index + ")").rx(index);
    }

    private QueueSet configured(String call) {
        if (queues == null) {
            throw refused(call);
        }
        return queues;
    }

    @Override
    public long counter(DeviceCounter counter) {
        configured("counter(" + counter + ")");
        return counters.read(counter);
    }

    @Override
    public boolean onInterrupt(int vector) {
        checkVector(vector, "onInterrupt(" + vector + ")");
        return control.fired(vector);
    }

    @Override
    public void enableInterrupt(int vector) {
        String call = "enableInterrupt(" + vector + ")";
        checkVector(vector, call);
        if (lifecycle.state() != State.RUNNING && lifecycle.state() != State.QUIESCED) {
            throw refused(call);
        }
        control.enable(vector);
    }

    @Override
    public void disableInterrupt(int vector) {
        checkVector(vector, "disableInterrupt(" + vector + ")");
        control.disable(vector);
    }

    private void checkVector(int vector, String call) {
        configured(call);
        if (vector < 0 || vector >= config.vectors()) {
            throw new PluginException("1.07", call + ": the configuration has " + config.vectors()
                    + " vectors, from 0");
        }
    }

    private PluginException refused(String call) {
        return new PluginException("3.01", call + " is not allowed in state " + lifecycle.state());
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }
}
