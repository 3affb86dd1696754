package dev.npa.shell.runtime.core;

import dev.npa.hw.Clock;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.plugin.Feature;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.netdev.DeviceEvents;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.RssConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The network device. During a switchover transmit and receive have different carriers.
 *
 * <p>Whatever a plugin throws ends up in {@link #fault()}; that carrier is touched no more until the switchover machine
 * has dealt with it.
 */
public final class CoreDevice implements NetDevice {

    /** Longest time between two readings of a carrier's counters, in machine time. */
    private static final long READ_EVERY = 8_000_000_000L;
    /** Buffers that stay for pieces made in software: a jumbo frame, several times. */
    private static final int RESERVE = 16;
    /**
     * A quarter of the buffers is not for packets that wait to be sent. Receive rings take from all but an eighth, so they
     * always find some: two guests whose sending waits for each other's receiving would wait for ever.
     */
    private static final int SHARE_FOR_RECEIVE = 4;

    private final DeviceSettings settings;
    private final DeviceEvents events;
    private final NicControl control;
    private final Clock clock;
    private final MacAddress mac;
    private final NetBuffers buffers;
    private final DeviceStatistics statistics;
    private final Transmitter transmitter;
    private final Receiver receiver;
    private PluginInstance sender;
    private PluginInstance source;
    private CarrierCounters sending;
    private CarrierCounters receiving;
    /** Of carriers that were left and are not stopped yet: a device may tell what it counted when it stops. */
    private final List<CarrierCounters> left = new ArrayList<>();
    private RssConfig rss;
    private LinkState link;
    private long lastRead;
    private PluginInstance faulty;
    private Throwable fault;

    /** Makes a device without a carrier. */
    public CoreDevice(DeviceSettings settings, DeviceEvents events, NicControl control, PacketPool pool, Clock clock) {
        this.settings = settings;
        this.events = events;
        this.control = control;
        this.clock = clock;
        this.mac = control.mac();
        this.link = control.link();
        this.buffers = new NetBuffers(pool, Math.max(RESERVE, pool.size() / SHARE_FOR_RECEIVE));
        this.statistics = new DeviceStatistics(settings.queues());
        this.transmitter = new Transmitter(settings.queues(), pool, statistics);
        this.receiver = new Receiver(settings.queues(), pool, statistics, mac,
                !settings.without().contains(Feature.VLAN_STRIP));
        statistics.source(this::readCounters);
        rss(settings.rss());
    }

    // ---- the operating system's side

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public int mtu() {
        return settings.mtu();
    }

    @Override
    public int queues() {
        return settings.queues();
    }

    @Override
    public LinkState link() {
        return link;
    }

    @Override
    public NetBuffers buffers() {
        return buffers;
    }

    @Override
    public int transmit(int queue, PacketBurst burst, int from, int to) {
        if (sender != null && sender == faulty) {
            return from;
        }
        try {
            return transmitter.transmit(queue, burst, from, to);
        } catch (Throwable t) {
            faulted(sender, t);
            // What was offered is lost with the plugin and comes back as aborted, once its device is still.
            return transmitter.reached();
        }
    }

    @Override
    public int reclaim(int queue, PacketBurst done, int budget) {
        int before = done.size();
        try {
            return transmitter.reclaim(queue, done, sender != null && sender == faulty ? 0 : budget, events);
        } catch (Throwable t) {
            done.truncate(Math.min(before, done.size()));
            faulted(sender, t);
            return 0;
        }
    }

    @Override
    public int receive(int queue, PacketBurst into, int budget) {
        if (source != null && source == faulty) {
            return 0;
        }
        try {
            return receiver.receive(queue, into, budget, events);
        } catch (Throwable t) {
            faulted(source, t);
            return 0;
        }
    }

    @Override
    public void enableInterrupt(int queue) {
        if (transmitter.hasDone(queue) || receiver.hasReady(queue)) {
            events.interrupt(queue);
            return;
        }
        if (source != null && fault == null) {
            try {
                source.pollingOver(queue);
            } catch (Throwable t) {
                faulted(source, t);
            }
        }
    }

    @Override
    public void rss(RssConfig config) {
        if (config != null && config.highestQueue() >= settings.queues()) {
            throw new IllegalArgumentException("the RSS table names queue " + config.highestQueue()
                    + "; this device has 0.." + (settings.queues() - 1));
        }
        rss = config;
        control.rss(config);
        receiver.rss(config);
    }

    @Override
    public RssConfig rss() {
        return rss;
    }

    @Override
    public DeviceStatistics statistics() {
        return statistics;
    }

    // ---- the switchover's side

    public DeviceSettings settings() {
        return settings;
    }

    /** Transmits on this carrier from now on; null = nowhere. */
    public void transmitOn(PluginInstance carrier) {
        leave(sending, receiving, carrier, source);
        sender = carrier;
        sending = counters(carrier);
        transmitter.use(carrier);
    }

    /** Receives from this carrier from now on; null = from nowhere. All queues are polled first. */
    public void receiveOn(PluginInstance carrier) {
        leave(receiving, sending, carrier, sender);
        source = carrier;
        receiving = counters(carrier);
        receiver.echoes().compare(clock.nanos());
        receiver.use(carrier);
        pollAll();
    }

    private CarrierCounters counters(PluginInstance carrier) {
        if (carrier == null) {
            return null;
        }
        if (sending != null && sending.carrier() == carrier) {
            return sending;
        }
        if (receiving != null && receiving.carrier() == carrier) {
            return receiving;
        }
        CarrierCounters back = left(carrier);
        return back != null ? back : new CarrierCounters(carrier, statistics);
    }

    /** Counters of a carrier that was left, which are no longer kept for it; null if it was not. */
    private CarrierCounters left(PluginInstance carrier) {
        for (CarrierCounters counters : left) {
            if (counters.carrier() == carrier) {
                left.remove(counters);
                return counters;
            }
        }
        return null;
    }

    /** A carrier is left in one direction: its counters are kept until it is stopped if it goes altogether. */
    private void leave(CarrierCounters old, CarrierCounters other, PluginInstance next, PluginInstance stays) {
        if (old != null && old != other && old.carrier() != next && old.carrier() != stays) {
            left.add(old);
            readOf(old);
        }
    }

    /** Polls all queues: something may wait. */
    public void pollAll() {
        for (int q = 0; q < settings.queues(); q++) {
            events.interrupt(q);
        }
    }

    /** Holds transmit, or releases it. While it is held, packets stay with the operating system. */
    public void hold(boolean hold) {
        boolean before = transmitter.isHeld();
        transmitter.hold(hold);
        if (hold && !before) {
            events.transmitStopped();
        } else if (!hold) {
            transmitter.wakeAll(events);
        }
    }

    /** Packets that the transmit carrier has not completed, on all queues. */
    public int outstanding() {
        return transmitter.outstanding();
    }

    /** Nothing comes to the receive carrier any more: {@link #isDrained} tells when all its queues were found empty. */
    public void beginDrain() {
        receiver.beginDrain();
        pollAll();
    }

    public boolean isDrained() {
        return receiver.isDrained();
    }

    /** The traffic is about to move to another wire: group frames may come twice. */
    public void expectEchoes() {
        receiver.echoes().record();
        receiver.decide();
    }

    /** The traffic did not move. */
    public void forgetEchoes() {
        receiver.echoes().stop();
        receiver.decide();
    }

    /** Serves a carrier that comes to rest: packets that still are in its rings are delivered. */
    public void serve(PluginInstance retiring) {
        transmitter.collect(retiring, events);
        receiver.serve(retiring, events);
    }

    /** Collects the completions of a carrier that was stopped, and its counters. */
    public void collect(PluginInstance stopped) {
        transmitter.collect(stopped, events);
        readOf(left(stopped));
        if (sending != null && sending.carrier() == stopped) {
            readOf(sending);
        }
        if (receiving != null && receiving.carrier() == stopped) {
            readOf(receiving);
        }
    }

    /** Takes back what a carrier had in flight whose device does no DMA any more. */
    public void abandon(PluginInstance gone) {
        left(gone);
        transmitter.abandon(gone, events);
    }

    /** A vector of a carrier fired. Whatever its plugin throws passes through. */
    public void interrupted(PluginInstance carrier, int vector) {
        carrier.onInterrupt(vector, events);
    }

    /** The link may have changed. */
    public void linkChanged() {
        LinkState now = control.link();
        if (!now.equals(link)) {
            link = now;
            events.linkChanged(now);
        }
    }

    /** Does what needs doing in every round. */
    public void service() {
        if (fault == null) {
            try {
                transmitter.service(events);
            } catch (Throwable t) {
                faulted(sender, t);
            }
        }
        if (sender != source || source != null && !source.hasVectors()) {
            pollAll();
        }
        long now = clock.nanos();
        if (now - lastRead >= READ_EVERY) {
            readCounters();
        }
        if (receiver.echoes().isActive()) {
            receiver.echoes().expire(now);
            receiver.decide();
        }
    }

    private void readCounters() {
        lastRead = clock.nanos();
        readOf(sending);
        if (receiving != sending) {
            readOf(receiving);
        }
    }

    private void readOf(CarrierCounters counters) {
        if (counters == null || counters.carrier() == faulty) {
            return;
        }
        try {
            counters.read();
        } catch (Throwable t) {
            faulted(counters.carrier(), t);
        }
    }

    // ---- faults

    /** Records that a carrier's plugin failed in a call, here or elsewhere. The first one counts. */
    public void faulted(PluginInstance carrier, Throwable cause) {
        if (fault == null) {
            faulty = carrier;
            fault = cause;
        }
    }

    /** The carrier whose plugin failed. */
    public PluginInstance faulty() {
        return faulty;
    }

    /** What a plugin threw and nobody has dealt with yet; null when all is well. */
    public Throwable fault() {
        return fault;
    }

    /** The failed plugin was dealt with. Forgets what it threw, which may hold its class loader. */
    public void faultCleared() {
        fault = null;
        faulty = null;
    }

    /** Frees what the device holds. */
    public void close() {
        sender = null;
        source = null;
        sending = null;
        receiving = null;
        left.clear();
        transmitter.use(null);
        receiver.use(null);
        transmitter.close();
        receiver.close();
    }
}
