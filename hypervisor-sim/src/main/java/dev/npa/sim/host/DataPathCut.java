package dev.npa.sim.host;

import dev.npa.pf.PfDriver;

/**
 * Moves a VM's address between uplink and VF at one instant, so that every frame is on exactly one side of it. Used under
 * the NIC's lock, on the guest's thread inside its command; bounded by {@link HostNic#FLUSH_LIMIT_NANOS}.
 *
 * <p>Three ways in which a frame could meet both sides, or the wrong one, and what is done about them:
 * <ul>
 * <li>A neighbour's frame waits in the uplink's transmit ring while the address moves; the NIC would then take it to the
 *     new place, after (or, for a broadcast, besides) what the neighbour's switch port already got. So the transmit ring is
 *     emptied first.
 * <li>Frames for the old place wait in the uplink's receive ring. So with the NIC's receive paused they are put aside and
 *     go through the switch as it was before the cut; the port joins or leaves the switch behind them.
 * <li>The NIC receives while the address moves. So its receive is paused: what was received before is in rings, and what
 *     comes later meets the new place.
 * </ul>
 */
final class DataPathCut {

    private final HostNic nic;
    private final GatedPort port;
    private boolean portMoved = true;

    DataPathCut(HostNic nic, GatedPort port) {
        this.nic = nic;
        this.port = port;
    }

    /** Whether the port has joined or left the switch as the last cut wanted: nothing from before waits in front. */
    boolean isPortMoved() {
        return portMoved;
    }

    /**
     * From the emulation to a VF.
     *
     * @return empty if the address moved; otherwise why nothing changed
     */
    String toVf(VfLease lease) {
        return cut(() -> nic.driver().activate(lease.vf()), port::detach);
    }

    /** From a VF to the emulation. */
    String toEmulation(VfLease lease) {
        return cut(() -> nic.driver().deactivate(lease.vf()), port::attach);
    }

    /** From one VF to another. What the old one received is in its ring and is drained from there. */
    String toOtherVf(VfLease next) {
        PfDriver driver = nic.driver();
        driver.pauseReceive();
        try {
            driver.activate(next.vf());
        } finally {
            driver.resumeReceive();
        }
        return "";
    }

    private String cut(Runnable moveAddress, Runnable movePort) {
        if (!nic.flushUplink()) {
            return "the NIC did not send what the uplink's ring holds within " + HostNic.FLUSH_LIMIT_NANOS / 1_000_000
                    + " ms";
        }
        PfDriver driver = nic.driver();
        driver.pauseReceive();
        try {
            if (!nic.gate().drain()) {
                return "the uplink holds more received frames than can be put aside";
            }
            moveAddress.run();
            portMoved = false;
            nic.gate().whenDelivered(() -> {
                movePort.run();
                portMoved = true;
            });
            nic.network().drainUplink();
        } finally {
            driver.resumeReceive();
        }
        return "";
    }
}
