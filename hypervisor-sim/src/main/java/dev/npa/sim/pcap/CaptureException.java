package dev.npa.sim.pcap;

import java.io.IOException;

/** A capture that cannot be used. The message is one sentence: file, offset, what is wrong, what to do. */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    public CaptureException(String message) {
        super(message);
    }
}
