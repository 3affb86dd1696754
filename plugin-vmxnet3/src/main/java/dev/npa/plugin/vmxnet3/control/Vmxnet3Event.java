package dev.npa.plugin.vmxnet3.control;

/** Bits of the event word (fact sheet §5). */
public final class Vmxnet3Event {

    /** A receive queue stopped. */
    public static final int RQERR = 1;
    /** A transmit queue stopped. */
    public static final int TQERR = 1 << 1;
    /** The link changed. */
    public static final int LINK = 1 << 2;
    /** Device implementation change: a request of the switch protocol, or {@code drained} moved. */
    public static final int DIC = 1 << 3;

    private Vmxnet3Event() {}
}
