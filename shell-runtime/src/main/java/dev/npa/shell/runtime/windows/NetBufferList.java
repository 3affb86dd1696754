package dev.npa.shell.runtime.windows;

import dev.npa.shell.runtime.netdev.NetDevice;

/**
 * A packet with its out-of-band information, and the link to the next one of a chain. Recycled by
 * {@link NetBufferListPool}.
 */
final class NetBufferList {

    /** Memory descriptors: buffer handle, address and length of each piece. */
    final int[] mdl = new int[NetDevice.MAX_SEGMENTS];
    final long[] mdlAddress = new long[NetDevice.MAX_SEGMENTS];
    final int[] mdlBytes = new int[NetDevice.MAX_SEGMENTS];
    int mdlCount;
    int dataLength;
    /** TcpIpChecksumNetBufferListInfo and the IPv4 or IPv6 bits: TX or RX bits of the device. */
    int checksumInfo;
    /** Header lengths, which the protocol knows: L2, L3 and L4 in bytes. */
    int layer2HeaderLength;
    int layer3HeaderLength;
    int layer4HeaderLength;
    /** TcpLargeSendNetBufferListInfo: MSS; 0 = no large send. */
    int largeSendMss;
    /** TcpRecvSegCoalesceInfo: merged segments and their payload; 0 = not merged. */
    int coalescedSegments;
    int coalescedMss;
    /** Ieee8021QNetBufferListInfo: the tag with priority; -1 = none. */
    int ieee8021q = -1;
    /** NetBufferListHashValue; valid if {@link #hashed}. */
    int hashValue;
    boolean hashed;
    /** Queue that it goes out through or came in through. */
    int queue;
    /** How the miniport completed it. */
    int status;
    NetBufferList next;

    void reset() {
        mdlCount = 0;
        dataLength = 0;
        checksumInfo = 0;
        layer2HeaderLength = 0;
        layer3HeaderLength = 0;
        layer4HeaderLength = 0;
        largeSendMss = 0;
        coalescedSegments = 0;
        coalescedMss = 0;
        ieee8021q = -1;
        hashValue = 0;
        hashed = false;
        queue = 0;
        status = NdisStatus.SUCCESS;
        next = null;
    }
}
