package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.FrameFifo;
import dev.npa.sim.net.Uplink;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The uplink as a switchover needs it: one that can be emptied at an instant, whether or not the switch has room.
 *
 * <p>At a cut everything that the NIC has received so far is put aside. As long as something lies aside the gate
 * <em>holds</em>: the switch gets these frames first, nothing newer is taken from the NIC, guests' frames wait (a
 * {@link GatedPort} refuses them), and changes of the switch's ports that belong behind the cut wait too. So what was
 * received before the cut meets the switch as it was before the cut, and is overtaken by nothing. Before a cut, guests'
 * frames wait too ({@link #holdSenders}) until the NIC has dealt with those that it was given.
 *
 * <p>{@link Marker}s come and go here, below the switch: no port, guest or account sees them.
 *
 * <p>Used under the switch's lock only.
 */
final class UplinkGate implements Uplink {

    /** Holds what a PF's receive ring can hold: 1024 jumbo buffers and the packets a driver has in hand. */
    private static final int ASIDE_BYTES = 4 << 20;
    private static final int BURST = 64;

    /** An action that waits until {@code position} frames, counted from the start, have left {@link #aside}. */
    private record Behind(long position, Runnable action) {}

    private final Uplink nic;
    private final FrameFifo aside = new FrameFifo(ASIDE_BYTES);
    private final Queue<Behind> behind = new ArrayDeque<>();
    private long lastTicket;
    private int holders;
    private boolean overflow;
    private final ByteBuffer marker = ByteBuffer.allocateDirect(Marker.LENGTH);
    private final Receiver sorting = this::sort;
    private Receiver target;
    private MacAddress probe;
    private long awaited;

    UplinkGate(Uplink nic) {
        this.nic = nic;
    }

    /** Has the NIC deliver frames for this address here, where markers among them are taken out. Once. */
    void listenAt(MacAddress address) {
        nic.addAddress(address);
        probe = address;
    }

    /** Waits for the marker of this number from now on, and for no other. */
    void await(long sequence) {
        awaited = sequence;
    }

    /** Whether the marker that was awaited last has come, and all that the NIC received before it was handed over. */
    boolean hasArrived() {
        return awaited == 0;
    }

    /** Hands a marker to the NIC behind everything that was given to it; false if it has no room now. */
    boolean sendMarker(MacAddress to, MacAddress from, long sequence) {
        Marker.write(marker, to, from, sequence);
        boolean taken = transmit(marker, 0, Marker.LENGTH) > 0;
        flush();
        return taken;
    }

    private boolean isMarker(ByteBuffer buffer, int offset, int length) {
        if (probe == null || !Marker.isFor(probe, buffer, offset, length)) {
            return false;
        }
        if (Marker.sequence(buffer, offset) == awaited) {
            awaited = 0;
        }
        return true;
    }

    private boolean sort(ByteBuffer buffer, int offset, int length) {
        return isMarker(buffer, offset, length) || target.receive(buffer, offset, length);
    }

    /** Whether frames from before a cut still wait for room in the switch. */
    boolean isHolding() {
        return !aside.isEmpty();
    }

    /** Whether a guest's frame has to wait: for a cut, or behind frames from before one. */
    boolean holdsSenders() {
        return holders > 0 || isHolding();
    }

    /** Makes guests wait with sending until {@link #releaseSenders()} was called as often. */
    void holdSenders() {
        holders++;
    }

    void releaseSenders() {
        holders--;
    }

    /**
     * Puts everything aside that the NIC has received. Call while its receive is paused.
     *
     * @return false if there is more than fits; what was put aside is delivered in order all the same
     */
    boolean drain() {
        overflow = false;
        int taken;
        do {
            taken = nic.poll(this::putAside, BURST);
        } while (taken > 0 && !overflow);
        return !overflow;
    }

    /** Runs an action once everything that lies aside now is delivered: at once, or in a later {@link #poll}. */
    void whenDelivered(Runnable action) {
        behind.add(new Behind(aside.framesIn(), action));
        runDelivered();
    }

    private void runDelivered() {
        Behind next = behind.peek();
        while (next != null && next.position <= aside.framesOut()) {
            behind.remove();
            next.action.run();
            next = behind.peek();
        }
    }

    /** Whether everything that was given to the uplink so far can no longer be overtaken inside the NIC. */
    boolean isFlushed() {
        nic.flush();
        nic.poll((buffer, offset, length) -> false, 0);
        return nic.completed() >= lastTicket;
    }

    private boolean putAside(ByteBuffer buffer, int offset, int length) {
        if (isMarker(buffer, offset, length)) {
            return true;
        }
        overflow = !aside.offer(buffer, offset, length, 0, 0);
        return !overflow;
    }

    @Override
    public long transmit(ByteBuffer source, int offset, int length) {
        long ticket = nic.transmit(source, offset, length);
        lastTicket = Math.max(lastTicket, ticket);
        return ticket;
    }

    @Override
    public int segmentedBytes() {
        return nic.segmentedBytes();
    }

    @Override
    public long transmitSegmented(ByteBuffer source, int offset, int length, int flags, long offload) {
        long ticket = nic.transmitSegmented(source, offset, length, flags, offload);
        lastTicket = Math.max(lastTicket, ticket);
        return ticket;
    }

    @Override
    public void flush() {
        nic.flush();
    }

    @Override
    public long completed() {
        return nic.completed();
    }

    /** Nothing is known any more of what was put aside. */
    @Override
    public int results() {
        return isHolding() ? 0 : nic.results();
    }

    @Override
    public int poll(Receiver receiver, int budget) {
        if (isHolding()) {
            return deliver(receiver, budget);
        }
        target = receiver;
        return nic.poll(sorting, budget);
    }

    private int deliver(Receiver receiver, int budget) {
        int taken = 0;
        int at = aside.peek();
        while (at >= 0 && taken < budget && receiver.receive(aside.buffer(), at, aside.length(at))) {
            aside.remove(at);
            taken++;
            runDelivered();
            at = aside.peek();
        }
        return taken;
    }

    @Override
    public void addAddress(MacAddress mac) {
        nic.addAddress(mac);
    }

    @Override
    public void removeAddress(MacAddress mac) {
        nic.removeAddress(mac);
    }

    @Override
    public void addVlan(int vlan) {
        nic.addVlan(vlan);
    }

    @Override
    public void removeVlan(int vlan) {
        nic.removeVlan(vlan);
    }
}
