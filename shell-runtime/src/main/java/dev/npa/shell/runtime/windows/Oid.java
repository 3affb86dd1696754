package dev.npa.shell.runtime.windows;

/** Object identifiers, with NDIS's numbers. */
public final class Oid {

    /** u32: largest payload of a frame. */
    public static final int GEN_MAXIMUM_FRAME_SIZE = 0x00010106;
    /** u32: link speed in units of 100 bit/s. */
    public static final int GEN_LINK_SPEED = 0x00010107;
    /** u32: 0 connected, 1 disconnected. */
    public static final int GEN_MEDIA_CONNECT_STATUS = 0x00010114;
    /** RSS parameters, see {@link OidRequests}; query and set. */
    public static final int GEN_RECEIVE_SCALE_PARAMETERS = 0x00010204;
    /** u64: packets sent. */
    public static final int GEN_XMIT_OK = 0x00020101;
    /** u64: packets received. */
    public static final int GEN_RCV_OK = 0x00020102;
    /** u64: packets not sent. */
    public static final int GEN_XMIT_ERROR = 0x00020103;
    /** u64: received packets dropped for want of a buffer. */
    public static final int GEN_RCV_NO_BUFFER = 0x00020105;
    /** u64: bytes received. */
    public static final int GEN_BYTES_RCV = 0x00020219;
    /** u64: bytes sent. */
    public static final int GEN_BYTES_XMIT = 0x0002021A;
    /** 6 bytes: the address that the device was made with. */
    public static final int OID_802_3_PERMANENT_ADDRESS = 0x01010101;
    /** 6 bytes: the address in use. */
    public static final int OID_802_3_CURRENT_ADDRESS = 0x01010102;

    private Oid() {}
}
