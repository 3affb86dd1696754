package dev.npa.pf.niantic;

/** Message identifiers and flags of word 0 of a mailbox message. Fact sheet §5. */
final class MailboxMessages {

    static final int CTS = 0x2000_0000;
    static final int NACK = 0x4000_0000;
    static final int ACK = 0x8000_0000;
    static final int ID_MASK = 0xFFFF;
    static final int INFO_SHIFT = 16;

    static final int RESET = 0x01;
    static final int SET_MAC_ADDR = 0x02;
    static final int SET_MULTICAST = 0x03;
    static final int SET_VLAN = 0x04;
    static final int SET_LPE = 0x05;
    static final int SET_MACVLAN = 0x06;
    static final int API_NEGOTIATE = 0x08;
    static final int GET_QUEUES = 0x09;
    static final int UPDATE_XCAST_MODE = 0x0C;
    static final int GET_LINK_STATE = 0x10;
    static final int PF_CONTROL = 0x0100;

    /** API versions as API_NEGOTIATE encodes them; 1 is 2.0, of another operating system's drivers. */
    static final int API_1_0 = 0;
    static final int API_1_1 = 2;
    static final int API_1_2 = 3;
    static final int API_1_3 = 4;

    private MailboxMessages() {}

    static int id(int word0) {
        return word0 & ID_MASK;
    }

    static int info(int word0) {
        return word0 >>> INFO_SHIFT & 0xFF;
    }
}
