package dev.npa.sim.pcap;

import java.util.List;

/**
 * What a capture file holds.
 *
 * @param name the file, for messages
 * @param frames complete Ethernet frames in the order of the file
 * @param cut frames left out because the capture kept only their first bytes (snap length)
 * @param runts frames left out because they are shorter than an Ethernet header
 */
public record Capture(String name, List<CapturedFrame> frames, int cut, int runts) {

    public Capture {
        frames = List.copyOf(frames);
    }

    /** One sentence that says what was read and what was left out. */
    public String describe() {
        StringBuilder text = new StringBuilder(name).append(": ").append(frames.size()).append(" frames");
        if (cut > 0) {
            text.append(", ").append(cut).append(" left out because the capture cut them at its snap length");
        }
        if (runts > 0) {
            text.append(", ").append(runts).append(" left out because they are shorter than an Ethernet header");
        }
        return text.toString();
    }
}
