package dev.npa.shell.runtime.linux;

import dev.npa.shell.runtime.netdev.NetDevice;

/**
 * A socket buffer: a packet in page fragments with what the stack knows of it. Recycled by {@link SkBuffCache}.
 */
final class SkBuff {

    /** Nothing is known of the checksum, nothing is to be done. */
    static final int CHECKSUM_NONE = 0;
    /** Receive: the device has checked it. */
    static final int CHECKSUM_UNNECESSARY = 1;
    /** Transmit: the device has to complete it. */
    static final int CHECKSUM_PARTIAL = 3;

    /** Offset of the checksum in a TCP header. */
    static final int TCP_CHECK = 16;
    /** Offset of the checksum in a UDP header. */
    static final int UDP_CHECK = 6;

    final int[] frag = new int[NetDevice.MAX_SEGMENTS];
    final long[] fragAddress = new long[NetDevice.MAX_SEGMENTS];
    final int[] fragSize = new int[NetDevice.MAX_SEGMENTS];
    int nrFrags;
    int len;
    int ipSummed;
    /** Where the transport checksum lies behind {@link #csumStart}. */
    int csumOffset;
    int csumStart;
    /** 4 or 6 when the protocol matters; else 0. */
    int ipVersion;
    /** Whether the IPv4 header checksum is to be inserted too. */
    boolean ipHeaderSum;
    int macLen;
    int networkLen;
    int transportLen;
    /** Payload bytes of a segment; 0 = no segmentation, not merged. */
    int gsoSize;
    int gsoSegs;
    boolean vlanPresent;
    int vlanTci;
    boolean hashValid;
    int hash;
    int queueMapping;
    /** Results of reception as they came, for the socket. */
    int results;
    SkBuff next;

    /** Forgets everything but its place in the cache. */
    void reset() {
        nrFrags = 0;
        len = 0;
        ipSummed = CHECKSUM_NONE;
        csumOffset = 0;
        csumStart = 0;
        ipVersion = 0;
        ipHeaderSum = false;
        macLen = 0;
        networkLen = 0;
        transportLen = 0;
        gsoSize = 0;
        gsoSegs = 0;
        vlanPresent = false;
        vlanTci = 0;
        hashValid = false;
        hash = 0;
        queueMapping = 0;
        results = 0;
        next = null;
    }
}
