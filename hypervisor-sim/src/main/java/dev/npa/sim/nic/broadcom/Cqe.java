package dev.npa.sim.nic.broadcom;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.IommuDomain;

/** Elements of a receive completion queue: 64 bytes, the marker at 60 written as 0, last, 57712 §5.3. */
final class Cqe {

    static final int SIZE = 64;

    static final int FAST_PATH = 0;
    static final int RAMROD = 1;
    static final int START_AGGREGATION = 2;
    static final int STOP_AGGREGATION = 3;

    // type_error_flags
    static final int IP_BAD = 1 << 4;
    static final int L4_BAD = 1 << 5;
    static final int RAMROD_ERROR = 1 << 2;

    // status_flags
    static final int HASH_VALID = 1 << 3;
    static final int BROADCAST = 1 << 4;
    static final int MAC_MATCH = 1 << 5;
    static final int IP_NOT_VALIDATED = 1 << 6;
    static final int L4_NOT_VALIDATED = 1 << 7;

    // parsing flags
    static final int PARSE_UNICAST = 1;
    static final int PARSE_VLAN = 1 << 1;
    static final int OVER_ETHERNET_IPV4 = 1 << 3;
    static final int OVER_ETHERNET_IPV6 = 2 << 3;
    static final int OVER_ETHERNET_LLC = 3 << 3;
    static final int PARSE_IP_OPTIONS = 1 << 5;
    static final int PARSE_FRAGMENT = 1 << 6;
    static final int OVER_IP_TCP = 1 << 7;
    static final int OVER_IP_UDP = 2 << 7;
    static final int PARSE_PURE_ACK = 1 << 9;
    static final int PARSE_TCP_OPTIONS = 1 << 10;
    static final int PARSE_TIMESTAMP = 1 << 11;
    static final int PARSE_LLC = 1 << 13;

    private Cqe() {
    }

    /** First eight bytes of a fast-path or start-aggregation CQE. */
    static long head(int typeErrors, int status, int queueIndex, int placement, int hash) {
        return typeErrors | status << 8 | queueIndex << 16 | Integer.toUnsignedLong(placement << 24)
                | (long) hash << 32;
    }

    /** Bytes 8..15 of a fast-path or start-aggregation CQE. */
    static long lengths(int vlan, int packet, int onBd, int parsing) {
        return vlan | (packet & 0xFFFFL) << 16 | (onBd & 0xFFFFL) << 32 | (long) parsing << 48;
    }

    /** Writes an element. */
    static void write(DmaPort port, long at, long q0, long q1, long sgl0, long sgl1) {
        PhysicalMemory memory = port.reach(at, SIZE, IommuDomain.WRITE);
        memory.putLong(at, q0);
        memory.putLong(at + 8, q1);
        memory.putLong(at + 16, sgl0);
        memory.putLong(at + 24, sgl1);
        memory.putLong(at + 32, 0);
        memory.putLong(at + 40, 0);
        memory.putLong(at + 48, 0);
        // Release: who sees the marker change sees the frame and the rest of the element.
        memory.putLongRelease(at + 56, 0);
    }

    static String describe(long q0, long q1, int marker) {
        if (marker != 0) {
            return "not written";
        }
        int type = (int) q0 & 3;
        return switch (type) {
            case RAMROD -> "ramrod cid " + ((int) (q0 >>> 32) & 0xFFFFFF) + " command " + (q0 >>> 56)
                    + ((q0 & RAMROD_ERROR) != 0 ? " failed" : "");
            case STOP_AGGREGATION -> "stop aggregation bin " + (q0 >>> 16 & 0xFF) + " segments " + (q1 & 0xFFFF)
                    + " length " + (q1 >>> 16 & 0xFFFF);
            default -> (type == FAST_PATH ? "frame" : "start aggregation bin " + (q0 >>> 16 & 0xFF)) + " length "
                    + (q1 >>> 16 & 0xFFFF) + " on BD " + (q1 >>> 32 & 0xFFFF) + " at +" + (q0 >>> 24 & 0xFF)
                    + ((q1 >>> 48 & PARSE_VLAN) != 0 ? " VLAN " + (q1 & 0xFFF) : "")
                    + ((q0 & HASH_VALID << 8) != 0 ? " hash 0x" + Integer.toHexString((int) (q0 >>> 32)) : "")
                    + ((q0 & IP_BAD) != 0 ? " IP_BAD_XSUM" : "") + ((q0 & L4_BAD) != 0 ? " L4_BAD_XSUM" : "");
        };
    }
}
