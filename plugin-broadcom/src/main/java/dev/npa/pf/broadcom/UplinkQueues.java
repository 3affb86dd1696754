package dev.npa.pf.broadcom;

import dev.npa.pf.PfHost;
import dev.npa.pf.broadcom.hsi.ClientSetup;
import dev.npa.pf.broadcom.hsi.RuleSet;
import dev.npa.pf.broadcom.hsi.StatusBlockData;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.broadcom.ring.Limits;
import dev.npa.plugin.broadcom.ring.Register;
import dev.npa.plugin.broadcom.ring.RxRing;
import dev.npa.plugin.broadcom.ring.RxSettings;
import dev.npa.plugin.broadcom.ring.StatusBlock;
import dev.npa.plugin.broadcom.ring.TxRing;
import dev.npa.plugin.support.TxRequest;
import java.util.EnumSet;
import java.util.Set;

/**
 * The queue pair of the uplink, of the same rings as a VF's plugin at the PF's register addresses. Tags stay in the
 * frames.
 */
final class UplinkQueues {

    /** Its connection, after that of the leading queue. */
    static final int CID = 1;

    private static final int RING = 1024;
    private static final int CACHE_LINE_LOG = 6;
    private static final int DOORBELL_BAR = 2;
    private static final int DOORBELL_BYTES = 8;
    private static final Set<Feature> FEATURES =
            EnumSet.complementOf(EnumSet.of(Feature.LRO, Feature.VLAN_STRIP, Feature.RSS));

    private final Registers registers;
    private final int client;
    private final Queue queue;
    private final StatusBlock block;
    private final RxSettings settings;
    private final TxRing tx;
    private final RxRing rx;

    UplinkQueues(PfHost host, Registers registers, PfMemory memory, Queue queue, int maxMtu) {
        this.registers = registers;
        this.client = queue.client();
        this.queue = queue;
        PluginConfig config = new PluginConfig(1, 1, RING, RING, maxMtu, 0, FEATURES);
        settings = RxSettings.of(config, host.buffers().bufferSize());
        block = new StatusBlock(memory.take(StatusBlock.BYTES, StatusBlock.BYTES), 0);
        Register doorbell = new Register(host.function().bar(DOORBELL_BAR), CID * DOORBELL_BYTES);
        tx = new TxRing(RING, memory::pages, doorbell, block, new TxRequest(config, Limits.CAPABILITIES),
                host.buffers().memory());
        rx = new RxRing(settings, memory::pages, new Register(registers.window(), Grc.rxProducers(client)), block,
                host.buffers());
    }

    TxRing tx() {
        return tx;
    }

    RxRing rx() {
        return rx;
    }

    /** Sets the client up and posts receive buffers. */
    void start(int leadingClient, int function, int mtu, boolean switching) {
        block.clear(); // an index of an earlier life would pass for completions
        writeStatusBlock(registers, client, block.address());
        rx.prepare();
        tx.prepare();
        queue.setup(new ClientSetup(new ClientSetup.General(client, leadingClient, mtu, function),
                new ClientSetup.Rx(0, CACHE_LINE_LOG, settings.maxSges(), client, client, false, 0,
                        settings.bufferBytes(), settings.maxSges() == 0 ? 0 : settings.bufferBytes(), function,
                        function, rx.bdAddress(), rx.sgeAddress(), rx.rcqAddress(), false, 0, RuleSet.DROP_ALL, 0),
                new ClientSetup.Tx(false, client, leadingClient, switching, false, 0, tx.address())));
        rx.begin();
        tx.begin();
    }

    /** Tells the firmware of a status block of the PF. */
    static void writeStatusBlock(Registers registers, int block, long address) {
        int[] words = new StatusBlockData(block, address, registers.pf(), -1, 0, 0).words();
        for (int i = 0; i < words.length; i++) {
            registers.write(Grc.statusBlockData(block) + 4 * i, words[i]);
        }
    }

    /** Stops the client: no DMA for it afterwards. */
    void stop() {
        tx.refuseAll();
        rx.stopRefill();
        queue.teardown();
    }

    /** After the device stopped: gives receive buffers back, aborts what was not sent. */
    void release() {
        tx.end();
        rx.end();
    }
}
