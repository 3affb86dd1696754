package dev.npa.sim.nic.broadcom;

/**
 * The VF's end of the VF-PF channel, 57712 §9: message address and trigger in the VF's window, state and valid bytes in
 * CSTORM RAM. Used under the path's lock.
 */
final class Channel {

    private static final int READY = 0;
    private static final int WAITING_FOR_ACK = 1;

    private final Path path;
    private final EventRing[] events;
    private final Guard guard;
    private final int[] low = new int[Path.VFS];
    private final int[] high = new int[Path.VFS];

    Channel(Path path, EventRing[] events, Guard guard) {
        this.path = path;
        this.events = events;
        this.guard = guard;
    }

    void address(Func f, boolean upper, int value) {
        (upper ? high : low)[f.vf()] = value;
    }

    int address(Func f, boolean upper) {
        return (upper ? high : low)[f.vf()];
    }

    /** The VF wrote its trigger. */
    void trigger(Func f) {
        int state = StormRam.C_CHANNEL + 8 * f.vf();
        if (f.malicious) {
            return;
        }
        if (path.ram.octet(StormRam.CSTORM, state) != READY || path.ram.octet(StormRam.CSTORM, state + 1) != 1) {
            guard.malicious(f, Malice.CHANNEL_NOT_READY, "VF-PF channel");
            return;
        }
        path.ram.octet(StormRam.CSTORM, state, WAITING_FOR_ACK);
        events[f.pf].post(EventRing.VF_PF_CHANNEL, 0, f.vf(), low[f.vf()], high[f.vf()]);
    }
}
