package dev.npa.pf.intel;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.PfException;
import dev.npa.pf.PfHost;
import dev.npa.plugin.intel.donebit.DescriptorDone;
import dev.npa.plugin.intel.regs.AdvancedRxDescriptor;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.ring.QueueSetup;
import dev.npa.plugin.intel.ring.RxRing;
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.plugin.intel.ring.TxLimits;
import dev.npa.plugin.intel.ring.TxRing;

/** The queue pair of the PF's pool: the uplink of VMs in emulated mode. */
final class UplinkQueues {

    private static final int RING = 1024;
    private static final int ALIGNMENT = 128;

    private final PfHost host;
    private final String chip;
    private final Registers registers;
    private final DmaMemory txMemory;
    private final DmaMemory rxMemory;
    private final TxRing tx;
    private final RxRing rx;

    UplinkQueues(String chip, PfHost host, Registers registers, Port port, int maxFrame) {
        this.chip = chip;
        this.host = host;
        this.registers = registers;
        int queue = port.queue(port.pfPool(), 0);
        int units = Math.min(host.buffers().bufferSize() / QueueRegisters.BSIZEPACKET_UNIT,
                QueueRegisters.BSIZEPACKET_MAX);
        if (units == 0) {
            throw new PfException(chip + ": the uplink's receive buffers have " + host.buffers().bufferSize()
                    + " bytes; at least " + QueueRegisters.BSIZEPACKET_UNIT + " are needed");
        }
        int bufferBytes = units * QueueRegisters.BSIZEPACKET_UNIT;
        TxCompletion completion = new DescriptorDone();
        txMemory = host.allocate(TxRing.bytes(RING, completion), ALIGNMENT);
        try {
            rxMemory = host.allocate(RING << AdvancedRxDescriptor.SHIFT, ALIGNMENT);
        } catch (RuntimeException e) {
            host.free(txMemory);
            throw e;
        }
        tx = new TxRing(txMemory, RING, registers.window(), port.tx(queue), completion,
                new TxLimits(TxLimits.MIN_FRAME, maxFrame, TxLimits.MAX_TSO_BYTES, TxLimits.MAX_SEGMENTS,
                        TxLimits.MAX_HEADER_BYTES, 0, true, true), port.queues());
        rx = new RxRing(rxMemory, RING, registers.window(), port.rx(queue), host.buffers(), bufferBytes,
                port.queues().longestFrame() / bufferBytes + 1, port.queues());
        rx.report(port.uplinkResults());
    }

    TxRing tx() {
        return tx;
    }

    RxRing rx() {
        return rx;
    }

    /** Programs and enables both queues and posts receive buffers. */
    void start() {
        QueueSetup.program(registers.window(), tx);
        QueueSetup.program(registers.window(), rx);
        if (!QueueSetup.enable(registers.window(), host.clock(), tx)
                || !QueueSetup.enable(registers.window(), host.clock(), rx, false)) {
            throw new PfException(chip + ": the uplink queues do not come up; reset the adapter");
        }
    }

    /** Asks the device to stop both queues; a device that does not is reset by the caller afterwards. */
    void disable() {
        QueueSetup.disableAndWait(registers.window(), host.clock(), tx.base());
        QueueSetup.disableAndWait(registers.window(), host.clock(), rx.base());
    }

    /** After the device stopped: gives receive buffers back, aborts what was not sent, frees the rings. */
    void release() {
        tx.end();
        rx.end();
        host.free(txMemory);
        host.free(rxMemory);
    }
}
