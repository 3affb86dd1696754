package dev.npa.pf.intel;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.PfException;
import dev.npa.pf.PfHost;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.intel.donebit.DescriptorDone;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.ring.Limits;
import dev.npa.plugin.intel.ring.QueueSetup;
import dev.npa.plugin.intel.ring.RxRing;
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.plugin.intel.ring.TxRing;
import dev.npa.plugin.support.TxRequest;

/** The queue pair of the PF's pool: the uplink of VMs in emulated mode. */
final class UplinkQueues {

    private static final int RING = 1024;
    private static final int ALIGNMENT = 128;
    /** Ethernet header and VLAN tag. */
    private static final int OVERHEAD = 18;

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
        if (RxRing.bufferBytes(host.buffers()) == 0) {
            throw new PfException(chip + ": the uplink's receive buffers have " + host.buffers().bufferSize()
                    + " bytes; at least " + QueueRegisters.BSIZEPACKET_UNIT + " are needed");
        }
        TxCompletion completion = new DescriptorDone();
        txMemory = host.allocate(TxRing.bytes(RING, completion), ALIGNMENT);
        try {
            rxMemory = host.allocate(RxRing.bytes(RING), ALIGNMENT);
        } catch (RuntimeException e) {
            host.free(txMemory);
            throw e;
        }
        tx = new TxRing(txMemory, RING, registers.window(), port.tx(queue), completion, everything(maxFrame),
                port.queues());
        rx = new RxRing(rxMemory, RING, registers.window(), port.rx(queue), host.buffers(), true, port.queues());
        rx.show(port.uplinkResults());
    }

    /** The uplink takes what VMs ask of it: every request that the chip can do. */
    private static TxRequest everything(int maxFrame) {
        int mtu = maxFrame - OVERHEAD;
        PluginCapabilities can = Limits.capabilities(1, mtu, 0);
        return new TxRequest(new PluginConfig(1, 1, RING, RING, mtu, 0, can.features()), can);
    }

    TxRing tx() {
        return tx;
    }

    RxRing rx() {
        return rx;
    }

    /** Programs and enables both queues and posts receive buffers. */
    void start() {
        QueueSetup.program(tx);
        QueueSetup.program(rx);
        if (!QueueSetup.enable(tx, host.clock()) || !QueueSetup.enable(rx, host.clock(), false)) {
            throw new PfException(chip + ": the uplink queues do not come up; reset the adapter");
        }
    }

    /** Asks the device to stop both queues; a device that does not is reset by the caller afterwards. */
    void disable() {
        QueueSetup.disableAndWait(tx, host.clock());
        QueueSetup.disableAndWait(rx, host.clock());
    }

    /** After the device stopped: gives receive buffers back, aborts what was not sent, frees the rings. */
    void release() {
        tx.end();
        rx.end();
        host.free(txMemory);
        host.free(rxMemory);
    }
}
