package dev.npa.sim.traffic;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.sim.net.Wire;
import dev.npa.sim.pcap.Capture;
import dev.npa.sim.pcap.CaptureException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All traffic of a simulation: its stations and the flows between them.
 *
 * <p>Make a {@link #guest} for each VM and a {@link #peer} for each wire, give them to the scheduler as components,
 * then add flows and start them. To end: {@link #stop}, run until {@link #isIdle}, read {@link #summaries}.
 *
 * <p>Any thread; calls that change something are serialised.
 */
public final class Traffic {

    /**
     * Where one end of a flow is: a station and its Ethernet address there.
     *
     * @param portVlan VLAN whose tag somebody else puts in and takes out for this station; 0 = none
     */
    public record Place(Station station, MacAddress mac, int portVlan) {}

    /** Flow peers get 02:4E:50:41:xx:xx ("NPA"), locally administered. */
    private static final long FIRST_PEER = 0x024E_5041_0001L;

    private final Clock clock;
    private final Stations macs = new Stations();
    private final List<Station> stations = new ArrayList<>();
    private final List<TrafficFlow> flows = new CopyOnWriteArrayList<>();
    private long nextPeer = FIRST_PEER;

    public Traffic(Clock clock) {
        this.clock = clock;
    }

    /** The applications of a guest. One for each VM: it is the only user of the VM's channel. */
    public Place guest(String name, GuestChannel channel, MacAddress mac) {
        return guest(name, channel, mac, 0);
    }

    /** The applications of a guest whose hypervisor enforces a port VLAN; 0 = none. */
    public synchronized Place guest(String name, GuestChannel channel, MacAddress mac, int portVlan) {
        macs.add(mac.value());
        Station station = new Station(name, new ChannelEndpoint(channel), clock, macs);
        stations.add(station);
        return new Place(station, mac, portVlan);
    }

    /** Everything behind the far end of a wire. One for each wire. */
    public synchronized WirePeer peer(String name, Wire wire) {
        WirePeer peer = new WirePeer(name, wire, clock, macs);
        stations.add(peer);
        return peer;
    }

    /** A new external station behind a wire, with an address of its own: the other end of one flow. */
    public synchronized Place place(WirePeer peer) {
        MacAddress mac = new MacAddress(nextPeer++);
        macs.add(mac.value());
        return new Place(peer, mac, 0);
    }

    /** The stations, to be run by the scheduler. */
    public synchronized List<Station> stations() {
        return List.copyOf(stations);
    }

    public List<TrafficFlow> flows() {
        return List.copyOf(flows);
    }

    /**
     * Adds a replay of a capture between two places.
     *
     * @param vm plays the station that {@link CaptureRewriter} picks for the VM; may be any place
     * @param peer plays all others
     * @param mtu largest datagram on the path
     * @param rounds how often each direction sends its part of the capture; 0 = until stopped
     * @throws CaptureException if the capture holds nothing to replay
     */
    public TrafficFlow replay(String name, Capture capture, Place vm, Place peer, int mtu, Pacing pacing, long rounds)
            throws CaptureException {
        return replay(name, capture, vm, peer, mtu, pacing, rounds, Offloads.NONE);
    }

    /** The same, with what the applications of guests ask their stacks for. */
    public TrafficFlow replay(String name, Capture capture, Place vm, Place peer, int mtu, Pacing pacing, long rounds,
            Offloads offloads) throws CaptureException {
        CaptureRewriter.Replay replay = CaptureRewriter.rewrite(capture, vm.mac, peer.mac, mtu, asked(offloads, vm),
                asked(offloads, peer));
        FrameSequence there = replay.fromVm();
        FrameSequence back = replay.toVm();
        return add(name, replay.report().describe(), vm, peer,
                source(name, vm, peer, there, pacing, rounds * there.size(), TagRule.AS_SENT),
                source(name, peer, vm, back, pacing, rounds * back.size(), TagRule.AS_SENT));
    }

    /**
     * Adds generated frames between two places; see {@link FrameGenerator}. An end that has the flow's VLAN as its port
     * VLAN sends and receives without the tag, and frames that short; when the other end has tags, the account knows a
     * frame by its bytes without the tag and judges the tag by itself.
     */
    public TrafficFlow generate(String name, GeneratorSpec spec, Place first, Place second) {
        int firstTag = tag(spec, first);
        int secondTag = tag(spec, second);
        FrameSequence forward = FrameGenerator.generate(firstTag == 0 ? spec.untagged() : spec, first.mac, second.mac,
                true, hasStack(first));
        FrameSequence backward = FrameGenerator.generate(secondTag == 0 ? spec.untagged() : spec, second.mac, first.mac,
                false, hasStack(second));
        if (firstTag == secondTag) {
            return add(name, spec.describe(), first, second, forward, backward, spec.pacing(), spec.frames());
        }
        return add(name, spec.describe(), first, second,
                source(name, first, second, forward, spec.pacing(), spec.frames(), TagRule.receivedWith(secondTag)),
                source(name, second, first, backward, spec.pacing(), spec.frames(), TagRule.receivedWith(firstTag)));
    }

    private static boolean hasStack(Place place) {
        return place.station.endpoint().takesRequests();
    }

    private static Offloads asked(Offloads offloads, Place place) {
        return hasStack(place) ? offloads : offloads.inSoftware();
    }

    private static int tag(GeneratorSpec spec, Place place) {
        return spec.vlan() == place.portVlan ? 0 : spec.vlan();
    }

    private TrafficFlow add(String name, String description, Place first, Place second,
            FrameSequence forward, FrameSequence backward, Pacing pacing, long frames) {
        return add(name, description, first, second,
                source(name, first, second, forward, pacing, frames, TagRule.AS_SENT),
                source(name, second, first, backward, pacing, frames, TagRule.AS_SENT));
    }

    private synchronized TrafficFlow add(String name, String description, Place first, Place second,
            FrameSource there, FrameSource back) {
        if (first.mac.equals(second.mac) || first.station == second.station) {
            throw new IllegalArgumentException("flow " + name + ": both ends are at " + first.station.name()
                    + "; two stations are needed");
        }
        macs.sends(first.mac.value());
        macs.sends(second.mac.value());
        // Receivers first: a frame must not arrive before its account is known there.
        second.station.receive(second.mac, first.mac, there.account);
        first.station.receive(first.mac, second.mac, back.account);
        first.station.add(there);
        second.station.add(back);
        TrafficFlow flow = new TrafficFlow(name, description, there, back);
        flows.add(flow);
        return flow;
    }

    private static FrameSource source(String name, Place from, Place to, FrameSequence sequence, Pacing pacing,
            long frames, TagRule tags) {
        String direction = name + ": " + from.station.name() + " -> " + to.station.name();
        return new FrameSource(sequence, new FrameAccount(direction, tags), pacing, frames);
    }

    /** Starts every flow. */
    public void start() {
        flows().forEach(TrafficFlow::start);
    }

    /** Stops every flow; see {@link TrafficFlow#stop}. */
    public void stop() {
        flows().forEach(TrafficFlow::stop);
    }

    /** Sets the RSS key that received hashes are judged by; null = they are not. See {@link FrameAccount#rssKey}. */
    public void rssKey(byte[] key) {
        flows().forEach(f -> f.accounts().forEach(a -> a.rssKey(key)));
    }

    /** Says that carriers are about to change, or have changed; see {@link FrameAccount#carrierChanging}. */
    public void carrierChanging(boolean changing) {
        flows().forEach(f -> f.accounts().forEach(a -> a.carrierChanging(changing)));
    }

    /** Sets the phase of every flow. */
    public void phase(String label) {
        flows().forEach(f -> f.phase(label));
    }

    /** Whether every flow is idle now; see {@link TrafficFlow#isIdle}. */
    public boolean isIdle() {
        long now = clock.nanos();
        for (TrafficFlow flow : flows) {
            if (!flow.isIdle(now)) {
                return false;
            }
        }
        return true;
    }

    /** Every direction's account as it stands. */
    public List<AccountSummary> summaries() {
        long now = clock.nanos();
        return flows().stream().flatMap(f -> f.summaries(now).stream()).toList();
    }

    /** One sentence for each of the first foreign frames of each direction. */
    public List<String> findings() {
        return flows().stream().flatMap(f -> f.accounts().stream())
                .flatMap(a -> a.findings().stream().map(text -> a.name() + ": " + text)).toList();
    }

    /** Canonical frames received in all directions, as {@link #total} counts them; cheap. */
    public long receivedFrames() {
        long frames = 0;
        for (TrafficFlow flow : flows) {
            frames += flow.receivedFrames();
        }
        return frames;
    }

    /** Sums over all directions; gaps are the longest of any. */
    public AccountSummary.Phase total() {
        AccountSummary.Phase total = AccountSummary.none("total");
        for (AccountSummary s : summaries()) {
            total = total.plus(s.total());
        }
        long strangers = stations().stream().mapToLong(Station::strangers).sum();
        return total.plus(new AccountSummary.Phase("", 0, 0, 0, 0, 0, 0, 0, 0, strangers, 0, 0));
    }
}
