package dev.npa.shell.runtime.warmup;

import dev.npa.plugin.Feature;
import dev.npa.plugin.ScratchDevice;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.path.DataPath;

/**
 * Bursts through a data path over a scratch device: what is received is sent, mostly small frames as they are, some long
 * ones, some with every request that is in force. A burst that does not make its way throws.
 */
final class ScratchTraffic {

    private static final int SHORT = 60;
    private static final int LONG = 1514;
    /** Every so many bursts one asks for all that is in force. */
    private static final int RICH = 8;
    private static final int L2 = 14;
    private static final int L3 = 20;
    private static final int L4 = 20;
    private static final int MSS = 1000;
    private static final int TAG = 7;

    private final PluginInstance plugin;
    private final DataPath path;
    private final ScratchDevice device;
    private final PacketPool pool;
    private final PacketBurst packets = new PacketBurst(4 * PluginInstance.BURST);
    private final PacketBurst done = new PacketBurst(4 * PluginInstance.BURST);
    private int bursts;

    ScratchTraffic(PluginInstance plugin, ScratchDevice device, PacketPool pool) {
        this.plugin = plugin;
        this.path = plugin.paths()[0];
        this.device = device;
        this.pool = pool;
    }

    /**
     * Receives a burst and sends it back.
     *
     * @return packets
     */
    int burst() {
        bursts++;
        int wanted = PluginInstance.BURST;
        int arrived = device.receive(wanted, bursts % 4 == 0 ? LONG : SHORT);
        packets.clear();
        int received = path.receive(packets, wanted);
        if (bursts % RICH == 0) {
            enrich();
        } else {
            plain();
        }
        int taken = path.transmit(packets, 0, packets.size(), 0);
        int sent = device.send(wanted);
        done.clear();
        int completed = path.reclaim(done, wanted);
        for (int i = 0; i < done.size(); i++) {
            pool.free(done.handle(i), PacketPool.STACK);
        }
        if (received == 0 || received != arrived || taken != packets.size() || sent != received
                || completed != received || path.aborted() != 0) {
            throw new IllegalStateException("of " + arrived + " frames that its scratch device received, the plugin "
                    + "indicated " + received + ", of which the device sent " + sent + " and the plugin completed "
                    + completed + ", " + path.aborted() + " of them as not sent");
        }
        return received;
    }

    /** Receive results are no requests. */
    private void plain() {
        for (int i = 0; i < packets.size(); i++) {
            packets.offload(i, 0);
            packets.flags(i, packets.flags(i) & PacketFlags.WHOLE);
        }
    }

    private void enrich() {
        int checksums = (plugin.has(Feature.TX_IP_CHECKSUM) ? PacketFlags.TX_IP_CHECKSUM : 0)
                | (plugin.has(Feature.TX_L4_CHECKSUM) ? PacketFlags.TX_TCP_CHECKSUM : 0);
        int tag = plugin.has(Feature.VLAN_INSERT) ? PacketFlags.TX_VLAN : 0;
        int tso = plugin.has(Feature.TSO_V4) ? PacketFlags.TX_TSO : 0;
        for (int i = 0; i < packets.size(); i++) {
            boolean cut = packets.length(i) > L2 + L3 + L4 + MSS;
            int requests = PacketFlags.TX_IPV4 | ((i & 1) == 0 ? tag : 0) | (cut ? tso : (i & 2) == 0 ? checksums : 0);
            packets.offload(i, PacketBurst.txOffload(L2, L3, L4, cut ? MSS : 0, TAG));
            packets.flags(i, packets.flags(i) & PacketFlags.WHOLE | requests);
        }
    }
}
