package dev.npa.sim.pcap;

/**
 * A frame of a capture.
 *
 * @param nanos capture time in nanoseconds, usually since 1970
 * @param bytes the frame without FCS, in the order of the wire; not copied
 */
public record CapturedFrame(long nanos, byte[] bytes) {}
