package dev.npa.plugin.broadcom.device;

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
import dev.npa.plugin.broadcom.ring.RxCompletion;
import dev.npa.shell.Shell;
import java.util.function.Supplier;

/** The data path of one 57712 VF. */
public final class BroadcomPlugin implements Plugin {

    private final Shell shell;
    private final Supplier<RxCompletion> completions;
    private final PluginLifecycle lifecycle = new PluginLifecycle();
    private PluginConfig config;
    private VfSession session;
    private QueueSet queues;

    /**
     * Creates a plugin that holds nothing.
     *
     * @param shell what it runs in
     * @param completions makes what finds the completions of each receive ring
     */
    public BroadcomPlugin(Shell shell, Supplier<RxCompletion> completions) {
        this.shell = shell;
        this.completions = completions;
    }

    @Override
    public PluginCapabilities capabilities() {
        if (lifecycle.state() == State.RELEASED) {
            throw refused("capabilities()");
        }
        return BroadcomDevice.CAPABILITIES;
    }

    @Override
    public void configure(PluginConfig wanted) {
        lifecycle.check(Event.CONFIGURE);
        wanted.check(BroadcomDevice.CAPABILITIES);
        int pairs = QueueSet.pairs(wanted);
        if (wanted.vectors() != 0 && wanted.vectors() < pairs) {
            throw new PluginException("1.07", "vectors is " + wanted.vectors() + "; each of the 57712's " + pairs
                    + " queue pairs has a vector of its own: use " + pairs + ", or 0 to poll only");
        }
        RegisterWindow registers = shell.registers(BroadcomDevice.BAR);
        VfSession vf = new VfSession(shell, registers);
        try {
            queues = new QueueSet(shell, registers, wanted, vf.acquire(pairs), completions);
        } catch (RuntimeException e) {
            vf.releaseHeld();
            vf.free();
            throw e;
        }
        lifecycle.fire(Event.CONFIGURE);
        session = vf;
        config = wanted;
    }

    @Override
    public void start() {
        lifecycle.check(Event.START);
        queues.prepare();
        try {
            session.start(queues);
            queues.begin();
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
        queues.refuseAll();
        lifecycle.fire(Event.QUIESCE);
        return queues.isSent() && session.pollClosed();
    }

    @Override
    public void stop() {
        lifecycle.check(Event.STOP);
        if (!rest()) {
            lifecycle.fire(Event.FAULT);
            throw new PluginException("3.01", "the PF driver of the 57712 VF does not answer CLOSE with success; its"
                    + " buffers stay with the device until a function-level reset");
        }
        lifecycle.fire(Event.STOP);
    }

    /** Masks interrupts and stops the queues; false if the device may still do DMA. */
    private boolean rest() {
        queues.interrupts().disableAll();
        boolean off = session.close();
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
            }
            session.releaseHeld();
            queues.free();
            session.free();
        } catch (RuntimeException e) {
            // The shell frees what a failing plugin holds; close itself throws nothing.
            warn(e);
        }
        queues = null;
    }

    private void warn(RuntimeException e) {
        try {
            shell.log().warn("57712 VF: close left resources to the shell: " + e.getMessage());
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
        return configured("counter(" + counter + ")").counters().read(counter);
    }

    @Override
    public boolean onInterrupt(int vector) {
        return hasPair(vector, "onInterrupt(" + vector + ")") && queues.interrupts().fired(vector);
    }

    @Override
    public void enableInterrupt(int vector) {
        String call = "enableInterrupt(" + vector + ")";
        boolean used = hasPair(vector, call);
        if (lifecycle.state() != State.RUNNING && lifecycle.state() != State.QUIESCED) {
            throw refused(call);
        }
        if (used) {
            queues.enableInterrupt(vector);
        }
    }

    @Override
    public void disableInterrupt(int vector) {
        if (hasPair(vector, "disableInterrupt(" + vector + ")")) {
            queues.interrupts().disable(vector);
        }
    }

    /** Whether a vector of the configuration belongs to a queue pair. */
    private boolean hasPair(int vector, String call) {
        configured(call);
        if (vector < 0 || vector >= config.vectors()) {
            throw new PluginException("1.07", call + ": the configuration has " + config.vectors()
                    + " vectors, from 0");
        }
        return vector < queues.pairs();
    }

    private PluginException refused(String call) {
        return new PluginException("3.01", call + " is not allowed in state " + lifecycle.state());
    }
}
