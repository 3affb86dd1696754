package dev.npa.sim.host;

import dev.npa.hw.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What carries a VM's frames, and how that changes: from the emulation on its home NIC or a VF of any NIC to any other,
 * by a {@link DataPathCut} within a NIC and by a {@link Crossing} between two.
 *
 * <p>Used under the locks of the NICs concerned; {@link #active()}, {@link #nic()} and {@link #deadline()} by any
 * thread.
 */
final class DataPath {

    private static final Logger LOG = LoggerFactory.getLogger(DataPath.class);

    private final PortCarrier port;
    private final VmSettings settings;
    private final CrossingTurn turn;
    private final Clock clock;
    private final DataPathCut cut;
    private Crossing crossing;
    private volatile VfLease active;
    private volatile long deadline = Long.MAX_VALUE;

    DataPath(PortCarrier port, VmSettings settings, CrossingTurn turn, Clock clock) {
        this.port = port;
        this.settings = settings;
        this.turn = turn;
        this.clock = clock;
        this.cut = new DataPathCut(port);
    }

    /** The VF that carries the frames; null in emulated mode. */
    VfLease active() {
        return active;
    }

    /** The NIC that carries them. */
    HostNic nic() {
        VfLease a = active;
        return a == null ? port.nic() : a.nic();
    }

    HostNic home() {
        return port.nic();
    }

    /** Machine time at which the guest's next command is overdue; {@link Long#MAX_VALUE} if none is awaited. */
    long deadline() {
        return deadline;
    }

    /**
     * Turns the frames to a VF.
     *
     * @return {@link SwitchResult#OK} if they are turned, {@link SwitchResult#NOT_YET} if the guest is to ask again
     * @throws RuntimeException if it failed and nothing changed, and why
     */
    int toVf(VfLease lease) {
        VfLease before = active;
        Carrier from = before == null ? port : before;
        dropOther(from, lease);
        int result;
        if (lease.nic() != from.nic()) {
            result = cross(from, lease, false);
        } else {
            result = before == null ? cut.toVf(lease) : DataPathCut.toOtherVf(lease);
        }
        if (result == SwitchResult.OK) {
            active = lease;
        }
        return result;
    }

    /**
     * Turns the frames of a VM on a VF to the emulation on its home NIC; results as {@link #toVf}.
     *
     * @param forced the VF's plugin is gone: a network that does not help does not stop it
     */
    int toEmulation(boolean forced) {
        VfLease before = active;
        dropOther(before, port);
        int result = before.nic() == port.nic() ? cut.toEmulation(before) : cross(before, port, forced);
        if (result == SwitchResult.OK) {
            active = null;
        }
        return result;
    }

    /** A change to elsewhere that was under way will not come: a plugin failed in the meantime. */
    private void dropOther(Carrier from, Carrier to) {
        if (crossing != null && !crossing.isBetween(from, to)) {
            cancel();
        }
    }

    private int cross(Carrier from, Carrier to, boolean forced) {
        if (crossing == null) {
            crossing = new Crossing(from, to, settings.mac(), turn, clock, forced);
        }
        int result = SwitchResult.MODE_SWITCH_FAILED;
        try {
            result = crossing.advance();
        } finally {
            deadline = crossing.deadline();
            if (result != SwitchResult.NOT_YET) {
                crossing = null;
            }
        }
        return result;
    }

    /** The change that was under way will not come, or starts anew: undoes what was done for it. */
    void cancel() {
        cut.cancel();
        if (crossing != null) {
            crossing.cancel();
            crossing = null;
            deadline = Long.MAX_VALUE;
        }
    }

    /** Whether the emulated port has handed over, or is in front of, everything from before the last change. */
    boolean isPortMoved() {
        return port.isMoved();
    }

    /** Takes the frames from the VF, without care for those under way, and gives the address back to the port. */
    void giveUp() {
        cancel();
        VfLease lost = active;
        if (lost == null) {
            return;
        }
        try {
            if (lost.nic() == port.nic()) {
                lost.nic().driver().deactivate(lost.vf());
            } else {
                lost.close(settings.mac());
            }
        } catch (RuntimeException e) {
            LOG.error("{}: the PF driver did not take the address back: {}", settings.mac(), e.getMessage(), e);
        }
        active = null;
        port.open();
    }
}
