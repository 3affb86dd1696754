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
    private volatile boolean attached;
    private PortMatcher matcher = new PortMatcher(PortFilter.CLOSED);
    private FrameTap tap = FrameTap.NONE;
    /** Scratch of one forwarding decision: this port gets the frame. */
    private boolean chosen;

    VirtualSwitchPort(VirtualSwitch owner, String name, MacAddress mac) {
        this.owner = owner;
        this.name = name;
        this.mac = mac;
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
    public long completed() {
        return owner.completed();
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

    /** Decides whether this port gets the frame. False: it wants it and has no room. */
    boolean choose(ByteBuffer frame, int offset, int length, long destination, boolean own) {
        chosen = matcher.passes(frame, offset, length, destination, own);
        return !chosen || toGuest.hasRoom(length);
    }

    /** Queues the frame if this port was chosen. */
    void deliverIfChosen(ByteBuffer frame, int offset, int length, long nanos) {
        if (chosen) {
            chosen = false;
            tap.frame(nanos, false, frame, offset, length);
            toGuest.offer(frame, offset, length, nanos, 0);
        }
    }

    void tapOutbound(ByteBuffer frame, int offset, int length, long nanos) {
        tap.frame(nanos, true, frame, offset, length);
    }
}
