package dev.npa.shell.runtime.windows;

/** Status codes, with NDIS's numbers. */
public final class NdisStatus {

    public static final int SUCCESS = 0x00000000;
    /** The miniport has it and will complete it. */
    public static final int PENDING = 0x00000103;
    public static final int FAILURE = 0xC0000001;
    public static final int NOT_SUPPORTED = 0xC00000BB;
    public static final int INVALID_LENGTH = 0xC0010014;
    public static final int INVALID_DATA = 0xC0010015;
    public static final int BUFFER_TOO_SHORT = 0xC0010016;
    /** A list that was not sent. */
    public static final int SEND_ABORTED = 0xC001000C;

    private NdisStatus() {}
}
