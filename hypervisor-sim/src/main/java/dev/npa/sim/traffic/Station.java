package dev.npa.sim.traffic;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sender and receiver of frames at one {@link Endpoint}: the applications of a guest, or everything behind the far
 * end of a wire. Sends the due frames of its sources in turn, waits when the endpoint is full, and judges what it
 * receives.
 *
 * <p>Frames that reach it and are nobody's: a group frame from another station of the simulation is overheard and
 * ignored; anything else is foreign and goes to the station's first account, so that it shows in a result.
 *
 * <p>Run by one thread at a time; flows are added by a control thread. Allocates nothing for a frame.
 */
public class Station implements Component {

    private static final int SCRATCH = 1 << 17;
    /** Room before a received frame for the tag that its guest's NIC stripped. */
    private static final int HEADROOM = 16;

    private final String name;
    private final Endpoint endpoint;
    private final Clock clock;
    private final Stations stations;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private final ChannelRecord said = new ChannelRecord();
    private final AtomicLong overheard = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();
    private volatile FrameSource[] sources = {};
    private volatile Routes routes = Routes.NONE;
    private int turn;

    Station(String name, Endpoint endpoint, Clock clock, Stations stations) {
        this.name = name;
        this.endpoint = endpoint;
        this.clock = clock;
        this.stations = stations;
    }

    @Override
    public String name() {
        return name;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    synchronized void add(FrameSource source) {
        if (source.sequence.longest() > endpoint.maxFrame()) {
            throw new IllegalArgumentException(source.account.name() + ": its longest frame has "
                    + source.sequence.longest() + " bytes, " + name + " takes at most " + endpoint.maxFrame());
        }
        if (source.sequence.hasRequests() && !endpoint.takesRequests()) {
            throw new IllegalArgumentException(source.account.name() + ": " + name
                    + " has no stack that meets requests for offloads");
        }
        FrameSource[] next = Arrays.copyOf(sources, sources.length + 1);
        next[sources.length] = source;
        sources = next;
    }

    synchronized void receive(MacAddress local, MacAddress remote, FrameAccount account) {
        routes = routes.with(local.value(), remote.value(), account);
    }

    /** Group frames of other flows that came by. */
    public long overheard() {
        return overheard.get();
    }

    /** Foreign frames at a station that has no account to put them on. */
    public long strangers() {
        return strangers.get();
    }

    @Override
    public int run(int budget) {
        Routes r = routes;
        long now = clock.nanos();
        int work = receiveAll(r, now, budget);
        work += sendDue(now, budget);
        for (int i = 0; i < r.size(); i++) {
            r.account(i).poll(now);
        }
        return work;
    }

    private int receiveAll(Routes r, long now, int budget) {
        int count = 0;
        while (count < budget) {
            int length = endpoint.receive(scratch, HEADROOM, said);
            if (length < 0) {
                break;
            }
            count++;
            if (said.has(PacketFlags.RX_VLAN) && length >= Ether.HEADER) {
                putTagBack();
                judge(r, HEADROOM - Ether.VLAN_TAG, length + Ether.VLAN_TAG, now);
            } else {
                judge(r, HEADROOM, length, now);
            }
        }
        return count;
    }

    private void putTagBack() {
        int to = HEADROOM - Ether.VLAN_TAG;
        scratch.putLong(to, scratch.getLong(HEADROOM));
        scratch.putInt(to + 8, scratch.getInt(HEADROOM + 8));
        scratch.putShort(to + Ether.TYPE, (short) Ether.TYPE_VLAN);
        scratch.putShort(to + Ether.TYPE + 2, (short) said.vlanTci());
    }

    private void judge(Routes r, int offset, int length, long now) {
        if (length < Ether.HEADER) {
            foreign(r);
            return;
        }
        FrameAccount account = r.find(scratch, offset, length, said);
        boolean group = Net.isGroup(FlowKey.macAt(scratch, offset));
        if (account != null && group && stations.sendsSeveral(FlowKey.macAt(scratch, offset + 6))
                && !account.knows(scratch, offset, length)) {
            // A group frame of another flow of this sender; the account that it is on judges it elsewhere.
            overheard.lazySet(overheard.getPlain() + 1);
            return;
        }
        if (account != null) {
            account.received(scratch, offset, length, said, now);
            return;
        }
        long source = FlowKey.macAt(scratch, offset + 6);
        if (group && stations.contains(source) && !r.isLocal(source)) {
            overheard.lazySet(overheard.getPlain() + 1);
        } else {
            foreign(r);
        }
    }

    private void foreign(Routes r) {
        if (r.size() > 0) {
            r.account(0).foreign();
        } else {
            strangers.lazySet(strangers.getPlain() + 1);
        }
    }

    private int sendDue(long now, int budget) {
        FrameSource[] all = sources;
        int count = 0;
        int idle = 0;
        // One frame a source in turn; ends when a whole turn sent nothing.
        while (count < budget && idle < all.length) {
            turn = turn + 1 < all.length ? turn + 1 : 0;
            FrameSource source = all[turn];
            if (source.due(now) <= now && source.trySend(endpoint, now)) {
                count++;
                idle = 0;
            } else {
                idle++;
            }
        }
        return count;
    }

    @Override
    public long nextEvent() {
        long now = clock.nanos();
        long next = endpoint.nextArrival();
        for (FrameSource source : sources) {
            long due = source.due(now);
            if (due <= now) {
                due = blockedUntil(source, now);
            }
            next = Math.min(next, due);
        }
        Routes r = routes;
        for (int i = 0; i < r.size(); i++) {
            next = Math.min(next, r.account(i).deadline(now));
        }
        return next;
    }

    /** When a source with a due frame can go on: now, when the endpoint has room again, or when others let it. */
    private long blockedUntil(FrameSource source, long now) {
        if (endpoint.canSend(source.length())) {
            return source.account.canRecord(source.frames()) ? now : NEVER;
        }
        long ready = endpoint.readyAt();
        return ready > now ? ready : NEVER;
    }
}
