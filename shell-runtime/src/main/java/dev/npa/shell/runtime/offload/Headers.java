package dev.npa.shell.runtime.offload;

/** Fields of protocol headers in an array, big-endian. */
final class Headers {

    static final int ETHERTYPE = 12;
    static final int VLAN = 0x8100;
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86DD;
    static final int TCP = 6;
    static final int UDP = 17;

    static final int IPV4_LENGTH = 2;
    static final int IPV4_ID = 4;
    static final int IPV4_PROTOCOL = 9;
    static final int IPV4_CHECKSUM = 10;
    static final int IPV4_ADDRESSES = 12;
    static final int IPV6_LENGTH = 4;
    static final int IPV6_ADDRESSES = 8;
    static final int IPV6_HEADER = 40;
    static final int TCP_SEQUENCE = 4;
    static final int TCP_FLAGS = 13;
    static final int TCP_CHECKSUM = 16;
    static final int UDP_CHECKSUM = 6;

    static final int FIN = 1;
    static final int PSH = 1 << 3;
    static final int CWR = 1 << 7;

    private Headers() {}

    static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    static void u16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    static int u32(byte[] bytes, int at) {
        return u16(bytes, at) << 16 | u16(bytes, at + 2);
    }

    static void u32(byte[] bytes, int at, int value) {
        u16(bytes, at, value >>> 16);
        u16(bytes, at + 2, value);
    }
}
