package dev.npa.plugin.intel.device;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.intel.ring.QueueSetup;
import dev.npa.plugin.intel.ring.Ring;
import dev.npa.plugin.intel.ring.RxRing;
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.plugin.intel.ring.TxRing;
import dev.npa.plugin.support.AbstractPlugin;
import dev.npa.plugin.support.TxRequest;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The data path of one VF; the image's factory says of which chip and how transmits are completed. */
public final class IntelVfPlugin extends AbstractPlugin {

    /** Base alignment of rings. 82599 §2 */
    private static final int ALIGNMENT = 128;

    private final VfChip chip;
    private final Supplier<TxCompletion> completions;
    private final List<TxRing> tx = new ArrayList<>();
    private final List<RxRing> rx = new ArrayList<>();
    private RegisterWindow registers;
    private VfControl control;
    private DeviceCounters counters;
    /** Whether the queues are as they must be to be enabled; a stop leaves them used. */
    private boolean programmed;

    /**
     * Creates a plugin that holds nothing.
     *
     * @param chip what it drives
     * @param shell what it runs in
     * @param completions makes the completion of each transmit ring
     */
    public IntelVfPlugin(VfChip chip, Shell shell, Supplier<TxCompletion> completions) {
        super(shell, chip.name(), chip.capabilities());
        this.chip = chip;
        this.completions = completions;
    }

    @Override
    protected Queues setUp(PluginConfig wanted) {
        tx.clear();
        rx.clear();
        registers = shell().registers(chip.bar());
        control = new VfControl(registers, chip.control(), shell().clock());
        if (!control.reset()) {
            throw new PluginException("1.07", "the " + chip.name() + " does not leave reset (mailbox register 0x"
                    + Integer.toHexString(registers.read32(chip.control().mailbox()))
                    + "); check that its PF driver is started");
        }
        checkBuffers(wanted);
        for (int q = 0; q < wanted.txQueues(); q++) {
            TxCompletion completion = completions.get();
            int size = wanted.txRingSize();
            tx.add(new TxRing(allocate(TxRing.bytes(size, completion), ALIGNMENT), size, registers,
                    chip.tx() + q * chip.stride(), completion, new TxRequest(wanted, chip.capabilities()),
                    chip.queues()));
        }
        for (int q = 0; q < wanted.rxQueues(); q++) {
            int size = wanted.rxRingSize();
            rx.add(new RxRing(allocate(RxRing.bytes(size), ALIGNMENT), size, registers,
                    chip.rx() + q * chip.stride(), shell().buffers(), wanted.has(Feature.RX_SCATTER), chip.queues()));
        }
        program();
        counters = new DeviceCounters(registers, chip.counters());
        return new Queues(tx.toArray(TxQueue[]::new), rx.toArray(RxQueue[]::new));
    }

    private void checkBuffers(PluginConfig wanted) {
        int bytes = RxRing.bufferBytes(shell().buffers());
        if (bytes == 0) {
            throw new PluginException("1.07", "the shell's receive buffers have " + shell().buffers().bufferSize()
                    + " bytes, too few for the " + chip.name() + "; use 1024 or more");
        }
        if (!wanted.has(Feature.RX_SCATTER) && wanted.maxFrame() > bytes) {
            throw new PluginException("1.07", "mtu " + wanted.mtu() + " needs frames of " + wanted.maxFrame()
                    + " bytes, a receive buffer takes " + bytes + "; enable RX_SCATTER or use larger buffers");
        }
    }

    /** Programs all queues and routes their interrupts; everything stays disabled. */
    private void program() {
        // Only queue 0 of the pool receives unless RSS spreads over more.
        control.spread(config().has(Feature.RSS) ? rx.size() : 1);
        tx.forEach(QueueSetup::program);
        rx.forEach(QueueSetup::program);
        control.routeInterrupts(tx.size(), rx.size(), config().vectors());
        programmed = true;
    }

    @Override
    protected void enable() {
        if (!programmed) {
            program();
        }
        programmed = false;
        int results = results();
        for (TxRing ring : tx) {
            require(QueueSetup.enable(ring, shell().clock()), "TXDCTL", tx.indexOf(ring));
        }
        for (RxRing ring : rx) {
            ring.show(results);
            require(QueueSetup.enable(ring, shell().clock(), config().has(Feature.VLAN_STRIP)), "RXDCTL",
                    rx.indexOf(ring));
        }
    }

    /** Results of features that are not enabled are not shown. */
    private int results() {
        int flags = PacketFlags.RX_LOOPBACK | PacketFlags.RX_IPV4 | PacketFlags.RX_IPV6 | PacketFlags.RX_TCP
                | PacketFlags.RX_UDP;
        if (config().has(Feature.RX_CHECKSUM)) {
            flags |= PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;
        }
        if (chip.tags().reports(registers, config().has(Feature.VLAN_STRIP))) {
            flags |= PacketFlags.RX_VLAN;
        }
        if (config().has(Feature.RSS)) {
            flags |= PacketFlags.RX_HASH;
        }
        return flags;
    }

    private void require(boolean enabled, String register, int q) {
        if (!enabled) {
            throw new PluginException("1.07", "the " + chip.name() + " does not enable queue " + q + ": " + register
                    + " keeps ENABLE at 0 for 10 ms");
        }
    }

    @Override
    protected boolean settle(boolean first) {
        if (first) {
            tx.forEach(TxRing::refuseAll);
            rx.forEach(RxRing::stopRefill);
            rx.forEach(QueueSetup::disable);
        }
        return rx.stream().allMatch(QueueSetup::isDisabled) && tx.stream().allMatch(TxRing::isIdle);
    }

    @Override
    protected boolean disable() {
        control.disableAll();
        boolean off = true;
        for (Ring ring : Stream.concat(tx.stream(), rx.stream()).toList()) {
            off &= QueueSetup.disableAndWait(ring, shell().clock());
        }
        if (!off) {
            shell().log().warn(chip.name() + ": a queue does not disable; resetting the function");
            off = control.reset();
        }
        if (off) {
            tx.forEach(TxRing::end);
            rx.forEach(RxRing::end);
            release();
        }
        return off;
    }

    @Override
    protected void release() {
        tx.forEach(QueueSetup::forgetWriteBack);
    }

    @Override
    protected long read(DeviceCounter counter) {
        return counters.read(counter);
    }

    @Override
    protected boolean fired(int vector) {
        return control.fired(vector);
    }

    @Override
    protected void unmask(int vector) {
        control.enable(vector);
    }

    @Override
    protected void mask(int vector) {
        control.disable(vector);
    }
}
