package dev.npa.shell.runtime.windows;

import dev.npa.hw.LinkState;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.GuestOs;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.OsEnvironment;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.os.Sockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guest with a Windows-style network stack. */
public final class WindowsOs implements GuestOs {

    /** Name of this personality. */
    public static final String NAME = "windows";

    private static final int MOST_RECORDS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(WindowsOs.class);

    private final OsEnvironment environment;
    private Sockets sockets;
    private Protocol protocol;
    private Miniport[] miniports = {};
    private OidRequests oids;
    private int firstDpc;

    private WindowsOs(OsEnvironment environment) {
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
                return new WindowsOs(environment);
            }
        };
    }

    /** As proposed, with an indirection table of this operating system: neighbouring entries share a queue. */
    @Override
    public DeviceSettings settings() {
        DeviceSettings proposed = environment.proposed();
        if (proposed.rss() == null) {
            return proposed;
        }
        int[] table = proposed.rss().table();
        for (int i = 0; i < table.length; i++) {
            table[i] = i * proposed.queues() / table.length;
        }
        return new DeviceSettings(proposed.mtu(), proposed.queues(),
                new RssConfig(proposed.rss().types(), proposed.rss().key(), table), proposed.without());
    }

    @Override
    public void boot(NetDevice device) {
        int queues = device.queues();
        sockets = new Sockets(environment.channel(), device.buffers(), queues);
        NetBufferListPool pool = new NetBufferListPool(device.buffers().size());
        NetBufferList[] sent = new NetBufferList[device.buffers().size()];
        protocol = new Protocol(sockets, device.buffers(), pool, device.statistics(), queues);
        miniports = new Miniport[queues];
        for (int q = 0; q < queues; q++) {
            miniports[q] = new Miniport(q, device, pool, protocol, sent);
            miniports[q].interrupt();
        }
        protocol.bind(miniports);
        oids = new OidRequests(device);
    }

    /** Settings and statistics; null before boot. */
    public OidRequests oids() {
        return oids;
    }

    @Override
    public int run(int budget) {
        int work = protocol.deliver();
        work += dpcs(Math.max(1, budget));
        work += protocol.deliver();
        work += protocol.send(MOST_RECORDS);
        for (Miniport miniport : miniports) {
            work += miniport.transmit();
        }
        sockets.flush();
        return work;
    }

    /** Runs the queued deferred procedure calls; another queue's is first each time. */
    private int dpcs(int budget) {
        int work = 0;
        firstDpc = firstDpc + 1 >= miniports.length ? 0 : firstDpc + 1;
        for (int i = 0; i < miniports.length; i++) {
            int at = firstDpc + i;
            Miniport miniport = miniports[at < miniports.length ? at : at - miniports.length];
            if (miniport.isDpcQueued()) {
                work += miniport.dpc(budget);
            }
        }
        return work;
    }

    @Override
    public void interrupt(int queue) {
        if (queue < miniports.length) {
            miniports[queue].interrupt();
        }
    }

    @Override
    public void transmitStopped() {
        // Sends stay pending; restartSend comes with transmitReady.
        LOG.debug("{}: sends are pending", environment.machine());
    }

    @Override
    public void transmitReady(int queue) {
        if (queue < miniports.length) {
            miniports[queue].restartSend();
        }
    }

    @Override
    public void linkChanged(LinkState link) {
        LOG.info("{}: Ethernet: link {}", environment.machine(), link);
    }

    @Override
    public void close() {
        for (Miniport miniport : miniports) {
            miniport.halt();
        }
        if (protocol != null) {
            protocol.unbind();
        }
    }
}
