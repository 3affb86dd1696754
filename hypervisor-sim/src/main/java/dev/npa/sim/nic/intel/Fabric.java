package dev.npa.sim.nic.intel;

/**
 * The embedded switch: where a frame goes. Decides only; nothing is moved here. Used under the device's lock.
 *
 * <p>Sets of pools are bits, pool 0 lowest.
 */
public abstract class Fabric {

    /** Result of {@link #fromPool}: pools to deliver to, and whether the frame goes out of the port. */
    public long localPools;
    public boolean toWire;

    /** Brings what is kept of the filter registers up to date. Call before a burst. */
    public abstract void refresh();

    /** Pools that get a frame from the wire; 0 means that it is dropped. */
    public abstract long fromWire(FrameInfo f);

    /** Decides on a frame that {@code pool} sends: {@link #localPools} and {@link #toWire}. */
    public abstract void fromPool(FrameInfo f, int pool);

    /** Whether a pool may send a frame at all: anti-spoof. */
    public abstract boolean maySend(FrameInfo f, int pool);
}
