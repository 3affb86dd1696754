package dev.npa.plugin.broadcom.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.channel.Grant;
import dev.npa.plugin.broadcom.channel.Request;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.broadcom.ring.Register;
import dev.npa.plugin.broadcom.ring.RxCompletion;
import dev.npa.plugin.broadcom.ring.RxRing;
import dev.npa.plugin.broadcom.ring.RxSettings;
import dev.npa.plugin.broadcom.ring.StatusBlock;
import dev.npa.plugin.broadcom.ring.TxLimits;
import dev.npa.plugin.broadcom.ring.TxRing;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * All queue pairs of a configured VF and the memory they hold. The device has pairs only: where a configuration has more
 * queues of one kind, the other half of a pair stays idle.
 */
final class QueueSet {

    private static final int PAGE = 4096;
    /** Largest buffer whose size a request can tell, in whole cache lines. */
    private static final int MAX_BUFFER = 0xFFC0;
    private static final int MIN_BUFFER = 512;

    private final Shell shell;
    private final PluginConfig config;
    private final RxSettings settings;
    private final List<DmaMemory> windows = new ArrayList<>();
    private final StatusBlock[] blocks;
    private final TxRing[] tx;
    private final RxRing[] rx;
    private final Interrupts interrupts;
    private final DeviceCounters counters;
    private final long statistics;

    /** Allocates the rings; frees what it had when one cannot be made. */
    QueueSet(Shell shell, RegisterWindow registers, PluginConfig config, Grant grant,
            Supplier<RxCompletion> completions) {
        this.shell = shell;
        this.config = config;
        this.settings = settings(shell.buffers().bufferSize(), config);
        int pairs = pairs(config);
        this.blocks = new StatusBlock[pairs];
        this.tx = new TxRing[pairs];
        this.rx = new RxRing[pairs];
        try {
            int blockBytes = pairs * StatusBlock.BYTES;
            DmaMemory status = allocate(blockBytes + pairs * DeviceCounters.STRIDE, StatusBlock.BYTES);
            DmaMemory padding = allocate(TxRing.paddingBytes(), StatusBlock.BYTES);
            statistics = status.address() + blockBytes;
            counters = new DeviceCounters(status, blockBytes, pairs);
            TxLimits limits = TxLimits.of(config);
            for (int q = 0; q < pairs; q++) {
                blocks[q] = new StatusBlock(status, q * StatusBlock.BYTES);
                Register doorbell = new Register(registers, VfBar.DOORBELLS + q * grant.doorbellBytes());
                tx[q] = new TxRing(allocate(TxRing.bytes(config.txRingSize()), PAGE), padding, config.txRingSize(),
                        doorbell, blocks[q], limits, shell.buffers().memory());
                rx[q] = new RxRing(settings, allocate(settings.bdBytes(), PAGE), allocate(settings.rcqBytes(), PAGE),
                        settings.sgeBytes() == 0 ? null : allocate(settings.sgeBytes(), PAGE),
                        new Register(registers, VfBar.producers(grant.zones()[q])), blocks[q], completions.get(),
                        shell.buffers(), null);
            }
        } catch (RuntimeException e) {
            free();
            throw e;
        }
        interrupts = new Interrupts(registers, blocks, grant.blocks());
    }

    /** Queue pairs that a configuration needs. */
    static int pairs(PluginConfig config) {
        return Math.max(config.txQueues(), config.rxQueues());
    }

    private static RxSettings settings(int bufferSize, PluginConfig config) {
        int bytes = Math.min(bufferSize, MAX_BUFFER) / 64 * 64;
        if (bytes < MIN_BUFFER) {
            throw new PluginException("1.07", "the shell's receive buffers have " + bufferSize
                    + " bytes; the 57712 plugin needs at least " + MIN_BUFFER);
        }
        boolean scatter = config.has(Feature.RX_SCATTER);
        // A merged packet takes several buffers; without leave to indicate such packets nothing is merged.
        boolean aggregate = scatter && config.has(Feature.LRO);
        int sges = RxSettings.sges(config.maxFrame(), bytes, aggregate);
        if (sges > 0 && !scatter) {
            throw new PluginException("1.07", "mtu " + config.mtu() + " needs frames of " + config.maxFrame()
                    + " bytes, a receive buffer takes " + bytes + "; enable RX_SCATTER or use larger buffers");
        }
        return new RxSettings(config.rxRingSize(), bytes, sges, aggregate, resultMask(config));
    }

    /** Results of features that are not enabled are not reported. */
    private static int resultMask(PluginConfig config) {
        int mask = PacketFlags.RX_IPV4 | PacketFlags.RX_IPV6 | PacketFlags.RX_TCP | PacketFlags.RX_UDP
                | PacketFlags.RX_FRAGMENT;
        if (config.has(Feature.RX_CHECKSUM)) {
            mask |= PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;
        }
        if (config.has(Feature.VLAN_STRIP)) {
            mask |= PacketFlags.RX_VLAN;
        }
        if (config.has(Feature.RSS)) {
            mask |= PacketFlags.RX_HASH;
        }
        return mask;
    }

    private DmaMemory allocate(int bytes, int alignment) {
        DmaMemory window = shell.allocate(bytes, alignment);
        windows.add(window);
        return window;
    }

    int pairs() {
        return blocks.length;
    }

    /** Writes the INIT request. */
    void init(DmaMemory message) {
        Request.init(message, pairs(), blocks[0].address(), StatusBlock.BYTES, statistics, DeviceCounters.STRIDE);
    }

    /** What SETUP_Q tells of pair {@code q}. §9.4 */
    Request.Queue request(int q) {
        int flags = Request.STATS | Request.CACHE_ALIGN
                | (settings.aggregate() ? Request.TPA | Request.TPA_IPV6 : 0)
                | (config.has(Feature.VLAN_STRIP) ? Request.VLAN_STRIP : 0)
                | (q == 0 ? Request.LEADING_RSS : 0);
        return new Request.Queue(q, flags, config.mtu(), settings.bufferBytes(), settings.maxSges(),
                rx[q].rcqAddress(), rx[q].bdAddress(), rx[q].sgeAddress(), tx[q].address());
    }

    /** Empties all rings and status blocks; no queue is set up. */
    void prepare() {
        counters.restart();
        for (int q = 0; q < pairs(); q++) {
            blocks[q].clear();
            tx[q].prepare();
            rx[q].prepare();
        }
    }

    /** After the queues are set up: posts receive buffers and accepts packets. */
    void begin() {
        interrupts.disableAll();
        for (int q = 0; q < config.rxQueues(); q++) {
            rx[q].begin();
        }
        for (int q = 0; q < config.txQueues(); q++) {
            tx[q].begin();
        }
    }

    /** Accepts no more packets and posts no more buffers. */
    void refuseAll() {
        for (int q = 0; q < pairs(); q++) {
            tx[q].refuseAll();
            rx[q].stopRefill();
        }
    }

    /** Whether everything that was given to the device is sent. */
    boolean isSent() {
        boolean sent = true;
        for (TxRing ring : tx) {
            sent &= ring.isIdle();
        }
        return sent;
    }

    /** After the queues are gone: settles completions and gives buffers back. */
    void end() {
        for (int q = 0; q < pairs(); q++) {
            tx[q].end();
            rx[q].end();
        }
    }

    /** Frees the rings' memory. */
    void free() {
        for (DmaMemory window : windows) {
            shell.free(window);
        }
        windows.clear();
    }

    Interrupts interrupts() {
        return interrupts;
    }

    DeviceCounters counters() {
        return counters;
    }

    /** Unmasks the vector of a pair; work that is there already raises it at once. */
    void enableInterrupt(int q) {
        int seen = interrupts.seen(q); // before the look: what comes after it is another update
        interrupts.enable(q, seen, rx[q].isPending() || tx[q].isPending());
    }

    TxRing tx(int index) {
        if (index < 0 || index >= config.txQueues()) {
            throw new PluginException("1.07", "txQueue(" + index + "): queues 0.." + (config.txQueues() - 1)
                    + " are configured");
        }
        return tx[index];
    }

    RxRing rx(int index) {
        if (index < 0 || index >= config.rxQueues()) {
            throw new PluginException("1.07", "rxQueue(" + index + "): queues 0.." + (config.rxQueues() - 1)
                    + " are configured");
        }
        return rx[index];
    }
}
