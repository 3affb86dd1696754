package dev.npa.shell.runtime.linux;

import dev.npa.hw.LinkState;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.GuestOs;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.OsEnvironment;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.os.Sockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guest with a Linux-style network stack. */
public final class LinuxOs implements GuestOs {

    /** Name of this personality. */
    public static final String NAME = "linux";

    /** Most packets of one softirq round over all queues. */
    private static final int NETDEV_BUDGET = 300;

    private static final Logger LOG = LoggerFactory.getLogger(LinuxOs.class);

    private final OsEnvironment environment;
    private NetDevice device;
    private Sockets sockets;
    private SkBuffCache cache;
    private SocketBacklog backlog;
    private TxQueue[] tx = {};
    private Napi[] napi = {};
    private Ethtool ethtool;
    private int firstNapi;

    private LinuxOs(OsEnvironment environment) {
        this.environment = environment;
    }

    /** Makes guests of this kind. */
    public static GuestOsFactory factory() {
        return new GuestOsFactory() {
            @Override
            public String name() {
                return NAME;
            }

            @Override
            public GuestOs create(OsEnvironment environment) {
                return new LinuxOs(environment);
            }
        };
    }

    @Override
    public DeviceSettings settings() {
        return environment.proposed();
    }

    @Override
    public void boot(NetDevice netdev) {
        device = netdev;
        int queues = netdev.queues();
        sockets = new Sockets(environment.channel(), netdev.buffers(), queues);
        cache = new SkBuffCache(netdev.buffers().size());
        backlog = new SocketBacklog(sockets, netdev.buffers(), cache, netdev.statistics(), queues);
        SkBuff[] owner = new SkBuff[netdev.buffers().size()];
        tx = new TxQueue[queues];
        napi = new Napi[queues];
        for (int q = 0; q < queues; q++) {
            tx[q] = new TxQueue(q, netdev, cache, owner);
            napi[q] = new Napi(q, netdev, tx[q], cache, backlog);
            napi[q].schedule();
        }
        ethtool = new Ethtool(netdev);
    }

    /** The device's settings and statistics as ethtool has them; null before boot. */
    public Ethtool ethtool() {
        return ethtool;
    }

    @Override
    public int run(int budget) {
        int work = backlog.drain();
        work += softirq(Math.max(1, budget));
        work += read();
        for (TxQueue queue : tx) {
            work += queue.run();
        }
        sockets.flush();
        return work;
    }

    /** Polls the scheduled queues in turn; another one is first each time. */
    private int softirq(int budget) {
        int work = 0;
        firstNapi = firstNapi + 1 >= napi.length ? 0 : firstNapi + 1;
        for (int i = 0; i < napi.length && work < NETDEV_BUDGET; i++) {
            int at = firstNapi + i;
            Napi next = napi[at < napi.length ? at : at - napi.length];
            if (next.isScheduled()) {
                work += next.poll(budget);
            }
        }
        return work;
    }

    /** Queues what sockets send, until the queue of the next packet is full or buffers run out. */
    private int read() {
        int packets = 0;
        while (packets < NETDEV_BUDGET && sockets.hasRecord()) {
            if (!sockets.isSane(NetDevice.MAX_SEGMENTS)) {
                device.statistics().queue(0).add(Counter.TX_REFUSED, 1);
                sockets.discard();
                continue;
            }
            TxQueue queue = tx[sockets.txQueue()];
            if (!queue.hasRoom()) {
                break;
            }
            SkBuff skb = cache.alloc();
            skb.len = sockets.length();
            Translation.requests(skb, sockets.requests(), sockets.offload());
            skb.nrFrags = sockets.read(skb.frag);
            if (skb.nrFrags == 0) {
                cache.free(skb);
                break;
            }
            fragments(skb);
            queue.enqueue(skb);
            packets++;
        }
        return packets;
    }

    private void fragments(SkBuff skb) {
        int rest = skb.len;
        for (int i = 0; i < skb.nrFrags; i++) {
            skb.fragAddress[i] = device.buffers().address(skb.frag[i]);
            skb.fragSize[i] = Math.min(rest, NetBuffers.CAPACITY);
            rest -= skb.fragSize[i];
        }
    }

    @Override
    public void interrupt(int queue) {
        if (queue < napi.length) {
            napi[queue].schedule();
        }
    }

    @Override
    public void transmitStopped() {
        // The queues find out by what the device takes, and transmitReady wakes them.
        LOG.debug("{}: transmit stopped", environment.machine());
    }

    @Override
    public void transmitReady(int queue) {
        if (queue < tx.length) {
            tx[queue].wake();
        }
    }

    @Override
    public void linkChanged(LinkState link) {
        LOG.info("{}: eth0: link {}", environment.machine(), link);
    }

    @Override
    public void close() {
        for (TxQueue queue : tx) {
            queue.purge();
        }
        if (backlog != null) {
            backlog.purge();
        }
    }
}
