package dev.npa.sim.net;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A port of {@link VirtualSwitch}; every change of its fields happens under the switch's lock. */
final class VirtualSwitchPort implements SwitchPort {

    private static final int QUEUE_BYTES = 1 << 20;

    private final VirtualSwitch owner;
    private final String name;
    private final FrameFifo toGuest = new FrameFifo(QUEUE_BYTES);
    private volatile MacAddress mac;
    private final VlanPolicy policy;
    private final PortVlans vlans;
    private volatile boolean attached;
    private volatile long refused;
    private PortMatcher matcher = new PortMatcher(PortFilter.CLOSED);
    private FrameTap tap = FrameTap.NONE;
    /** Scratch of one forwarding decision: this port gets the frame. */
    private boolean chosen;

    VirtualSwitchPort(VirtualSwitch owner, String name, MacAddress mac, VlanPolicy policy) {
        this.owner = owner;
        this.name = name;
        this.mac = mac;
        this.policy = policy;
        this.vlans = new PortVlans(policy);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public void mac(MacAddress newMac) {
        Objects.requireNonNull(newMac, "mac");
        owner.changeMac(this, newMac);
    }

    @Override
    public void filter(PortFilter filter) {
        PortMatcher compiled = new PortMatcher(filter);
        owner.changeFilter(this, compiled);
    }

    @Override
    public FrameFifo toGuest() {
        return toGuest;
    }

    @Override
    public long fromGuest(ByteBuffer buffer, int offset, int length) {
        return owner.fromGuest(this, buffer, offset, length);
    }

    @Override
    public long fromGuest(ByteBuffer buffer, int offset, int length, int flags, long offload) {
        // A capture shows frames as they are on the wire, and a port VLAN's tag is put into frames.
        return tap != FrameTap.NONE || vlans.portVlan() != 0 ? UNABLE
                : owner.fromGuest(this, buffer, offset, length, flags, offload);
    }

    @Override
    public long completed() {
        return owner.completed();
    }

    @Override
    public long refusedFrames() {
        return refused;
    }

    @Override
    public void attach() {
        owner.attach(this);
    }

    @Override
    public void detach() {
        owner.detach(this);
    }

    @Override
    public boolean isAttached() {
        return attached;
    }

    @Override
    public void tap(FrameTap newTap) {
        Objects.requireNonNull(newTap, "tap");
        synchronized (owner.lock()) {
            tap = newTap;
        }
    }

    void setMac(MacAddress newMac) {
        mac = newMac;
    }

    void setAttached(boolean now) {
        attached = now;
    }

    void setMatcher(PortMatcher newMatcher) {
        matcher = newMatcher;
    }

    boolean isPromiscuous() {
        return matcher.isPromiscuous();
    }

    VlanPolicy policy() {
        return policy;
    }

    int portVlan() {
        return vlans.portVlan();
    }

    boolean isMember(int vlan) {
        return vlans.isMember(vlan);
    }

    /** Whether the guest may send this frame; counts it if not. */
    boolean maySend(ByteBuffer frame, int offset, int length) {
        if (vlans.maySend(frame, offset, length)) {
            return true;
        }
        refuse();
        return false;
    }

    void refuse() {
        refused = refused + 1;
    }

    /** Decides whether this port gets the frame. False: it wants it and has no room. */
    boolean choose(int length, long destination, int vlan, boolean own) {
        chosen = vlans.isMember(vlan) && matcher.passes(vlans.portVlan() == 0 ? vlan : 0, destination, own);
        return !chosen || toGuest.hasRoom(length);
    }

    /**
     * Queues the frame, as the guest is to see it, if this port was chosen.
     *
     * @param results what is known of its checksums, see {@link Uplink#results}
     */
    void deliverIfChosen(ByteBuffer frame, int offset, int length, long nanos, int results) {
        if (!chosen) {
            return;
        }
        chosen = false;
        // Room for the longer frame was found; a member of a port VLAN only gets frames with its tag.
        int at = toGuest.reserve(length);
        ByteBuffer to = toGuest.buffer();
        int end = length;
        if (vlans.portVlan() != 0) {
            end = PortVlans.copyUntagged(frame, offset, length, to, at);
        } else {
            to.put(at, frame, offset, length);
        }
        tap.frame(nanos, false, to, at, end);
        toGuest.publish(at, end, nanos, results);
    }

    void tapOutbound(ByteBuffer frame, int offset, int length, long nanos) {
        tap.frame(nanos, true, frame, offset, length);
    }
}
