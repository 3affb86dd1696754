package dev.npa.plugin.niantic.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.niantic.regs.AdvancedRxDescriptor;
import dev.npa.plugin.niantic.regs.QueueRegisters;
import dev.npa.plugin.niantic.regs.VfRegisters;
import dev.npa.plugin.niantic.ring.QueueSetup;
import dev.npa.plugin.niantic.ring.RxRing;
import dev.npa.plugin.niantic.ring.TxCompletion;
import dev.npa.plugin.niantic.ring.TxLimits;
import dev.npa.plugin.niantic.ring.TxRing;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All queues of a configured VF and the memory they hold. */
final class QueueSet {

    /** Base alignment of rings. §7 */
    private static final int ALIGNMENT = 128;
    /** Longest frame that the device ever receives. §1 */
    private static final int MAX_FRAME = 15872;

    private final Shell shell;
    private final RegisterWindow registers;
    private final List<DmaMemory> windows = new ArrayList<>();
    private final TxRing[] tx;
    private final RxRing[] rx;
    private final boolean rss;

    /** Allocates the rings; frees what it had when one cannot be made. */
    QueueSet(Shell shell, RegisterWindow registers, PluginConfig config, Supplier<TxCompletion> completions) {
        this.shell = shell;
        this.registers = registers;
        this.tx = new TxRing[config.txQueues()];
        this.rx = new RxRing[config.rxQueues()];
        this.rss = config.has(Feature.RSS);
        int bufferBytes = bufferBytes(shell.buffers().bufferSize(), config);
        int maxChain = config.has(Feature.RX_SCATTER) ? (MAX_FRAME + bufferBytes - 1) / bufferBytes : 1;
        try {
            for (int q = 0; q < tx.length; q++) {
                TxCompletion completion = completions.get();
                tx[q] = new TxRing(allocate(TxRing.bytes(config.txRingSize(), completion)), config.txRingSize(),
                        registers, VfRegisters.tx(q), completion, TxLimits.of(config));
            }
            for (int q = 0; q < rx.length; q++) {
                rx[q] = new RxRing(allocate(config.rxRingSize() << AdvancedRxDescriptor.SHIFT), config.rxRingSize(),
                        registers, VfRegisters.rx(q), shell.buffers(), bufferBytes, maxChain, resultMask(config));
            }
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private static int bufferBytes(int bufferSize, PluginConfig config) {
        int units = Math.min(bufferSize / QueueRegisters.BSIZEPACKET_UNIT, QueueRegisters.BSIZEPACKET_MAX);
        if (units == 0) {
            throw new PluginException("1.07", "the shell's receive buffers have " + bufferSize
                    + " bytes; the 82599 needs at least " + QueueRegisters.BSIZEPACKET_UNIT);
        }
        int bytes = units * QueueRegisters.BSIZEPACKET_UNIT;
        if (!config.has(Feature.RX_SCATTER) && config.maxFrame() > bytes) {
            throw new PluginException("1.07", "mtu " + config.mtu() + " needs frames of " + config.maxFrame()
                    + " bytes, a receive buffer takes " + bytes + "; enable RX_SCATTER or use larger buffers");
        }
        return bytes;
    }

    /** Results of features that are not enabled are not reported. */
    private static int resultMask(PluginConfig config) {
        int mask = PacketFlags.RX_LOOPBACK | PacketFlags.RX_IPV4 | PacketFlags.RX_IPV6 | PacketFlags.RX_TCP
                | PacketFlags.RX_UDP;
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

    private DmaMemory allocate(int bytes) {
        DmaMemory window = shell.allocate(bytes, ALIGNMENT);
        windows.add(window);
        return window;
    }

    /** Programs all queues; they stay disabled. */
    void program() {
        // Only queue 0 of the pool receives unless RSS spreads over both. §2
        registers.write32(VfRegisters.VFPSRTYPE, rss && rx.length > 1 ? 1 << VfRegisters.RQPL_SHIFT : 0);
        for (TxRing ring : tx) {
            QueueSetup.program(registers, ring);
        }
        for (RxRing ring : rx) {
            QueueSetup.program(registers, ring);
        }
    }

    /** Enables all queues and posts receive buffers. */
    void start(boolean stripVlan) {
        for (int q = 0; q < tx.length; q++) {
            if (!QueueSetup.enable(registers, shell.clock(), tx[q])) {
                throw dead("VFTXDCTL", q);
            }
        }
        for (int q = 0; q < rx.length; q++) {
            if (!QueueSetup.enable(registers, shell.clock(), rx[q], stripVlan)) {
                throw dead("VFRXDCTL", q);
            }
        }
    }

    private static PluginException dead(String register, int q) {
        return new PluginException("1.07", "the 82599 VF does not enable queue " + q + ": " + register
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
            registers.write32(ring.base() + QueueRegisters.TDWBAL, 0); // not cleared by a reset, §8
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
