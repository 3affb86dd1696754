package dev.npa.sim.host;

import dev.npa.pf.PfDriver;

/**
 * Moves a VM's address between the uplink and VFs of one NIC at one instant, so that every frame is on exactly one side
 * of it. Used under the NIC's lock, on the guest's thread inside its command; never waits. Between NICs see
 * {@link Crossing}.
 *
 * <p>Three ways in which a frame could meet both sides, or the wrong one, and what is done about them:
 * <ul>
 * <li>A neighbour's frame waits in the uplink's transmit ring while the address moves; the NIC would then take it to
 *     the new place, after (or, for a broadcast, besides) what the neighbour's switch port already got. So the guests
 *     on the switch wait with sending until that ring is empty; the guest that switches keeps receiving and asks again.
 * <li>Frames for the old place wait in the uplink's receive ring. So with the NIC's receive paused they are put aside
 *     and go through the switch as it was before the cut; the port joins or leaves the switch behind them.
 * <li>The NIC receives while the address moves. So its receive is paused: what was received before is in rings, and
 *     what comes later meets the new place.
 * </ul>
 */
final class DataPathCut {

    private final HostNic nic;
    private final PortCarrier port;
    private boolean flushing;

    /**
     * Makes one for a VM.
     *
     * @param port the VM's port, on its home NIC
     */
    DataPathCut(PortCarrier port) {
        this.nic = port.nic();
        this.port = port;
    }

    /**
     * From the emulation to a VF of the home NIC.
     *
     * @return {@link SwitchResult#OK} if the address moved, {@link SwitchResult#NOT_YET} if the guest is to ask again
     * @throws RuntimeException if nothing changed, and why
     */
    int toVf(VfLease lease) {
        return cut(() -> nic.driver().activate(lease.vf()), port.port()::detach);
    }

    /** From a VF of the home NIC to the emulation; results as {@link #toVf}. */
    int toEmulation(VfLease lease) {
        return cut(() -> nic.driver().deactivate(lease.vf()), port.port()::attach);
    }

    /** From one VF to another of the same NIC. What the old one received is in its ring and is drained from there. */
    static int toOtherVf(VfLease next) {
        PfDriver driver = next.nic().driver();
        driver.pauseReceive();
        try {
            driver.activate(next.vf());
        } finally {
            driver.resumeReceive();
        }
        return SwitchResult.OK;
    }

    /** The cut that was asked for will not come: lets the guests on the switch send again. */
    void cancel() {
        if (flushing) {
            flushing = false;
            nic.gate().releaseSenders();
        }
    }

    private int cut(Runnable moveAddress, Runnable movePort) {
        if (!flushing) {
            flushing = true;
            nic.gate().holdSenders();
        }
        if (!nic.gate().isFlushed()) {
            return SwitchResult.NOT_YET;
        }
        PfDriver driver = nic.driver();
        try {
            driver.pauseReceive();
            try {
                port.putAside();
                moveAddress.run();
                port.behindAside(movePort);
            } finally {
                driver.resumeReceive();
            }
        } finally {
            cancel();
        }
        return SwitchResult.OK;
    }
}
