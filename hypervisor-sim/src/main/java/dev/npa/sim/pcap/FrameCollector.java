package dev.npa.sim.pcap;

import java.util.ArrayList;
import java.util.List;

/** Gathers the frames of one file and applies the rules that both formats share. */
final class FrameCollector {

    private static final int ETHERNET_HEADER = 14;

    private final String name;
    private final int limit;
    private final List<CapturedFrame> frames = new ArrayList<>();
    private int cut;
    private int runts;

    /** @param limit longest record that is believed, in bytes */
    FrameCollector(String name, int limit) {
        this.name = name;
        this.limit = limit;
    }

    /** Checks the length field of a record before its bytes are touched. */
    void checkLength(long length, long offset) throws CaptureException {
        if (length > limit) {
            throw new CaptureException(name + ": record at offset " + offset + " claims " + length
                    + " bytes, more than the limit of " + limit + "; the file is damaged or no Ethernet capture");
        }
    }

    /**
     * Takes a frame.
     *
     * @param originalLength bytes on the wire, with FCS if {@code fcs} says so
     * @param fcs bytes of frame check sequence at the end
     */
    void add(long nanos, byte[] file, int offset, int length, long originalLength, int fcs) {
        if (originalLength > length) {
            cut++;
            return;
        }
        int plain = length - fcs;
        if (plain < ETHERNET_HEADER) {
            runts++;
            return;
        }
        byte[] bytes = new byte[plain];
        System.arraycopy(file, offset, bytes, 0, plain);
        frames.add(new CapturedFrame(nanos, bytes));
    }

    Capture finish() {
        return new Capture(name, frames, cut, runts);
    }
}
