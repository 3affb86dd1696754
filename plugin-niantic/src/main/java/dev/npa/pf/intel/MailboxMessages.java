package dev.npa.pf.intel;

/** Flags of word 0 of a mailbox message and the identifiers that all chips know. 82599 §5, 82576 §4.3. */
public final class MailboxMessages {

    public static final int CTS = 0x2000_0000;
    public static final int NACK = 0x4000_0000;
    public static final int ACK = 0x8000_0000;

    public static final int RESET = 0x01;
    public static final int SET_MAC_ADDR = 0x02;
    public static final int SET_MULTICAST = 0x03;
    public static final int SET_VLAN = 0x04;
    public static final int SET_LPE = 0x05;
    public static final int PF_CONTROL = 0x0100;

    private static final int ID_MASK = 0xFFFF;
    private static final int INFO_SHIFT = 16;

    private MailboxMessages() {}

    public static int id(int word0) {
        return word0 & ID_MASK;
    }

    public static int info(int word0) {
        return word0 >>> INFO_SHIFT & 0xFF;
    }
}
