package dev.npa.benchmarks.device;

import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;

/**
 * A NIC as its driver's rings see it: one transmit and one receive queue. Call {@link #transmit} and {@link #receive}
 * in place of the device's engines.
 */
public abstract class FakeDevice {

    /** Bytes of every received frame: the shortest Ethernet frame without its FCS. */
    public static final int FRAME = 60;
    /** Most frames of a call. */
    public static final int MOST = 512;

    /** Most buffers of a frame of {@link #receiveResults}. */
    public static final int BUFFERS = 3;
    /** RSS hash that {@link #receiveResults} reports. */
    public static final int HASH = 0x51CC_C178;
    /** VLAN tag that {@link #receiveResults} reports as stripped. */
    public static final int TAG = 0xA064;

    final PhysicalMemory memory;
    final long[] sent = new long[MOST];
    final int[] sentLength = new int[MOST];
    final long[] filled = new long[MOST];
    /** Number of the next received frame: its first eight bytes. */
    long sequence;

    FakeDevice(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** The function that a shell takes into use. */
    public abstract PciFunction function();

    /**
     * Takes frames off the transmit ring and reports them as done.
     *
     * @param most 1..{@link #MOST}
     * @return frames taken
     */
    public abstract int transmit(int most);

    /**
     * Puts frames of {@link #FRAME} bytes into posted buffers. Only the first eight bytes of each are written: the
     * number of the frame, little-endian.
     *
     * @param most 1..{@link #MOST}
     * @return frames received, fewer when the ring has fewer buffers
     */
    public abstract int receive(int most);

    /**
     * Receives frames with all results: good checksums of TCP over IPv4, hash and tag. They are by turns in one buffer
     * and in several; every third is merged, by a device that merges. Of each only the first eight bytes are written,
     * as by {@link #receive}.
     *
     * @param most 1..{@link #MOST}
     * @return frames received, fewer when the ring has fewer buffers
     */
    public abstract int receiveResults(int most);

    /** Remembers the rings as they are now, to be walked again after a rewind. */
    public abstract void save();

    /** Puts the transmit ring back to where {@link #save} found it, behind the driver's back. */
    public abstract void rewindTransmit();

    /** Puts the receive ring back to where {@link #save} found it, behind the driver's back. */
    public abstract void rewindReceive();

    /** Where frame {@code i} of the last {@link #transmit} lies, if it has one segment. */
    public long sentAddress(int i) {
        return sent[i];
    }

    /** Bytes of frame {@code i} of the last {@link #transmit}, if it has one segment. */
    public int sentLength(int i) {
        return sentLength[i];
    }

    /** The buffer that frame {@code i} of the last {@link #receive} went to. */
    public long filledAddress(int i) {
        return filled[i];
    }
}
