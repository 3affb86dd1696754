package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.DmaMemory;

/** Layouts of the requests of a VF, written to the start of a zeroed message window. §9 */
public final class Request {

    /** Response's offset from the request. */
    static final int RESPONSE = 1024;

    static final int ACQUIRE = 1;
    private static final int INIT = 2;
    private static final int SETUP_Q = 3;
    static final int CLOSE = 8;
    static final int RELEASE = 9;
    private static final int LIST_END = 12;
    private static final int LIST_END_BYTES = 8;
    private static final int PHYS_PORT_ID = 17;
    private static final int PHYS_PORT_ID_BYTES = 4;

    private static final int FP_HSI_7_13 = 2;
    private static final int CAPS = 3;
    private static final int MACS = 1;
    private static final int VLANS = 2;
    private static final int MULTICASTS = 10;

    /** Queue flags. §9.4 */
    public static final int TPA = 1;
    public static final int TPA_IPV6 = 2;
    public static final int CACHE_ALIGN = 8;
    public static final int STATS = 0x10;
    public static final int VLAN_STRIP = 0x40;
    public static final int LEADING_RSS = 0x400;

    private static final int RX_AND_TX = 3;
    private static final int CACHE_LINE_LOG = 6;
    private static final int PAGE = 4096;

    private Request() {}

    /** Writes fields of 1 byte that follow each other. */
    private static void octets(DmaMemory m, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            m.putByte(at + i, (byte) values[i]);
        }
    }

    /** Writes fields of 2 bytes that follow each other. */
    private static void words(DmaMemory m, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            m.putShort(at + 2 * i, (short) values[i]);
        }
    }

    /** Writes addresses that follow each other. */
    private static void addresses(DmaMemory m, int at, long... values) {
        for (int i = 0; i < values.length; i++) {
            m.putLong(at + 8 * i, values[i]);
        }
    }

    /** Writes what every request begins with and the end of the list, {@code more} bytes behind the request. */
    private static void frame(DmaMemory m, int type, int length, int more) {
        words(m, 0, type, length);
        m.putInt(4, RESPONSE);
        words(m, length + more, LIST_END, LIST_END_BYTES);
    }

    /** Asks for queue pairs, each with a status block. §9.1 */
    public static void acquire(DmaMemory m, int vf, int pairs, long bulletin) {
        frame(m, ACQUIRE, 32, PHYS_PORT_ID_BYTES);
        octets(m, 8, vf, 0, FP_HSI_7_13, CAPS, pairs, pairs, pairs, MACS, VLANS, MULTICASTS);
        addresses(m, 24, bulletin);
        words(m, 32, PHYS_PORT_ID, PHYS_PORT_ID_BYTES); // a PF refuses a VF that does not send it, §15.3
    }

    /**
     * Tells the addresses of the status blocks and the statistics. §9.3
     *
     * @param block address of block 0; they follow each other
     * @param stride bytes from one queue's statistics to the next
     */
    public static void init(DmaMemory m, int pairs, long block, int blockBytes, long statistics, int stride) {
        frame(m, INIT, 168, 0);
        for (int q = 0; q < pairs; q++) {
            addresses(m, 8 + 8 * q, block + (long) q * blockBytes);
        }
        addresses(m, 144, statistics);
        words(m, 152, stride);
    }

    /**
     * Addresses and sizes of a queue pair, whose status block has its index.
     *
     * @param rxIndex index of receive completions in the status block
     * @param txIndex index of transmit packets
     */
    public record Queue(int index, int flags, int mtu, int bufferBytes, int maxSges, long rcq, long rxBds, long sges,
            long txBds, int rxIndex, int txIndex) {}

    /** Sets a queue pair up. §9.4 */
    public static void setup(DmaMemory m, Queue q) {
        frame(m, SETUP_Q, 96, 0);
        addresses(m, 8, q.rcq, q.rcq + PAGE, q.rxBds, q.sges);
        octets(m, 40, q.index, q.rxIndex);
        words(m, 44, q.mtu, q.bufferBytes, q.flags, q.index, q.maxSges == 0 ? 0 : q.bufferBytes,
                Math.min(0xFFFF, (q.maxSges + 1) * q.bufferBytes)); // SGEs, and the longest aggregation
        octets(m, 56, q.maxSges, 0, CACHE_LINE_LOG);
        addresses(m, 64, q.txBds);
        octets(m, 72, q.index, q.txIndex);
        words(m, 76, q.flags, 0, q.index);
        octets(m, 88, q.index, RX_AND_TX);
    }

    /** Says no more than its type: CLOSE stops everything, RELEASE gives everything back. §9.6 */
    static void end(DmaMemory m, int type, int vf) {
        frame(m, type, 12, 0);
        words(m, 8, vf);
    }
}
