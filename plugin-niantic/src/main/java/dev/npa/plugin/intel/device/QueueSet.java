package dev.npa.plugin.intel.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.intel.regs.AdvancedRxDescriptor;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.ring.QueueSetup;
import dev.npa.plugin.intel.ring.RxRing;
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.plugin.intel.ring.TxLimits;
import dev.npa.plugin.intel.ring.TxRing;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All queues of a configured VF and the memory they hold. */
final class QueueSet {

    /** Base alignment of rings. */
    private static final int ALIGNMENT = 128;
    /** PSRTYPE: log2 of the RSS queues. */
    private static final int RQPL_SHIFT = 29;

    private final VfChip chip;
    private final Shell shell;
    private final RegisterWindow registers;
    private final List<DmaMemory> windows = new ArrayList<>();
    private final TxRing[] tx;
    private final RxRing[] rx;
    private final PluginConfig config;

    /** Allocates the rings; frees what it had when one cannot be made. */
    QueueSet(VfChip chip, Shell shell, RegisterWindow registers, PluginConfig config,
            Supplier<TxCompletion> completions) {
        this.chip = chip;
        this.shell = shell;
        this.registers = registers;
        this.tx = new TxRing[config.txQueues()];
        this.rx = new RxRing[config.rxQueues()];
        this.config = config;
        int bufferBytes = bufferBytes(shell.buffers().bufferSize(), config);
        int maxChain = config.has(Feature.RX_SCATTER) ? chip.queues().longestFrame() / bufferBytes + 1 : 1;
        try {
            for (int q = 0; q < tx.length; q++) {
                TxCompletion completion = completions.get();
                tx[q] = new TxRing(allocate(TxRing.bytes(config.txRingSize(), completion)), config.txRingSize(),
                        registers, chip.tx() + q * chip.stride(), completion, TxLimits.of(config), chip.queues());
            }
            for (int q = 0; q < rx.length; q++) {
                rx[q] = new RxRing(allocate(config.rxRingSize() << AdvancedRxDescriptor.SHIFT), config.rxRingSize(),
                        registers, chip.rx() + q * chip.stride(), shell.buffers(), bufferBytes, maxChain,
                        chip.queues());
            }
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private int bufferBytes(int bufferSize, PluginConfig config) {
        int units = Math.min(bufferSize / QueueRegisters.BSIZEPACKET_UNIT, QueueRegisters.BSIZEPACKET_MAX);
        if (units == 0) {
            throw new PluginException("1.07", "the shell's receive buffers have " + bufferSize
                    + " bytes; the " + chip.name() + " needs at least " + QueueRegisters.BSIZEPACKET_UNIT);
        }
        int bytes = units * QueueRegisters.BSIZEPACKET_UNIT;
        if (!config.has(Feature.RX_SCATTER) && config.maxFrame() > bytes) {
            throw new PluginException("1.07", "mtu " + config.mtu() + " needs frames of " + config.maxFrame()
                    + " bytes, a receive buffer takes " + bytes + "; enable RX_SCATTER or use larger buffers");
        }
        return bytes;
    }

    /** Results of features that are not enabled are not reported. */
    private int resultMask() {
        int mask = PacketFlags.RX_LOOPBACK | PacketFlags.RX_IPV4 | PacketFlags.RX_IPV6 | PacketFlags.RX_TCP
                | PacketFlags.RX_UDP;
        if (config.has(Feature.RX_CHECKSUM)) {
            mask |= PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;
        }
        if (chip.tags().reports(registers, config.has(Feature.VLAN_STRIP))) {
            mask |= PacketFlags.RX_VLAN;
        }
        if (config.has(Feature.RSS)) {
            mask |= PacketFlags.RX_HASH;
        }
        return mask;
    }

    private DmaMemory allocate(int bytes) {
        DmaMemory window = shell.allocate(bytes, ALIGNMENT);
        windows.add(window);
        return window;
    }

    /** Programs all queues; they stay disabled. */
    void program() {
        // Only queue 0 of the pool receives unless RSS spreads over more; a power of two of them, so that the device
        // never picks a queue that is not enabled.
        int queues = config.has(Feature.RSS) ? rx.length : 1;
        registers.write32(chip.control().psrtype(),
                Integer.SIZE - 1 - Integer.numberOfLeadingZeros(queues) << RQPL_SHIFT);
        for (TxRing ring : tx) {
            QueueSetup.program(registers, ring);
        }
        for (RxRing ring : rx) {
            QueueSetup.program(registers, ring);
        }
    }

    /** Enables all queues and posts receive buffers. */
    void start() {
        int results = resultMask();
        for (int q = 0; q < tx.length; q++) {
            if (!QueueSetup.enable(registers, shell.clock(), tx[q])) {
                throw dead("TXDCTL", q);
            }
        }
        for (int q = 0; q < rx.length; q++) {
            rx[q].report(results);
            if (!QueueSetup.enable(registers, shell.clock(), rx[q], config.has(Feature.VLAN_STRIP))) {
                throw dead("RXDCTL", q);
            }
        }
    }

    private PluginException dead(String register, int q) {
        return new PluginException("1.07", "the " + chip.name() + " does not enable queue " + q + ": " + register
                + " keeps ENABLE at 0 for 10 ms");
    }

    /**
     * Brings the queues to rest without waiting.
     *
     * @param first whether this is the first call
     * @return true once nothing is in flight and receive is off
     */
    boolean quiesce(boolean first) {
        if (first) {
            for (TxRing ring : tx) {
                ring.refuseAll();
            }
            for (RxRing ring : rx) {
                ring.stopRefill();
                QueueSetup.disable(registers, ring.base());
            }
        }
        boolean atRest = true;
        for (RxRing ring : rx) {
            atRest &= QueueSetup.isDisabled(registers, ring.base());
        }
        for (TxRing ring : tx) {
            atRest &= ring.isIdle();
        }
        return atRest;
    }

    /** Disables all queues; false if one of them does not confirm. */
    boolean disable() {
        boolean off = true;
        for (TxRing ring : tx) {
            off &= QueueSetup.disableAndWait(registers, shell.clock(), ring.base());
        }
        for (RxRing ring : rx) {
            off &= QueueSetup.disableAndWait(registers, shell.clock(), ring.base());
        }
        return off;
    }

    /** After the queues are off: settles completions, gives buffers back, leaves the device no address to write to. */
    void end() {
        for (TxRing ring : tx) {
            ring.end();
            registers.write32(ring.base() + QueueRegisters.TDWBAL, 0); // not cleared by a reset
        }
        for (RxRing ring : rx) {
            ring.end();
        }
    }

    /** Frees the rings' memory. */
    void free() {
        for (DmaMemory window : windows) {
            shell.free(window);
        }
        windows.clear();
    }

    TxRing tx(int index) {
        if (index < 0 || index >= tx.length) {
            throw new PluginException("1.07", "txQueue(" + index + "): queues 0.." + (tx.length - 1)
                    + " are configured");
        }
        return tx[index];
    }

    RxRing rx(int index) {
        if (index < 0 || index >= rx.length) {
            throw new PluginException("1.07", "rxQueue(" + index + "): queues 0.." + (rx.length - 1)
                    + " are configured");
        }
        return rx[index];
    }
}
