package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.support.Fields;

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

    private Request() {}

    /** Writes what every request begins with and the end of the list, {@code more} bytes behind the request. */
    private static void frame(DmaMemory m, int type, int length, int more) {
        Fields.shorts(m, 0, type, length);
        m.putInt(4, RESPONSE);
        Fields.shorts(m, length + more, LIST_END, LIST_END_BYTES);
    }

    /** Asks for queue pairs, each with a status block. §9.1 */
    public static void acquire(DmaMemory m, int vf, int pairs, long bulletin) {
        frame(m, ACQUIRE, 32, PHYS_PORT_ID_BYTES);
        Fields.bytes(m, 8, vf, 0, FP_HSI_7_13, CAPS, pairs, pairs, pairs, MACS, VLANS, MULTICASTS);
        Fields.longs(m, 24, bulletin);
        Fields.shorts(m, 32, PHYS_PORT_ID, PHYS_PORT_ID_BYTES); // a PF refuses a VF that does not send it, §15.3
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
            Fields.longs(m, 8 + 8 * q, block + (long) q * blockBytes);
        }
        Fields.longs(m, 144, statistics);
        Fields.shorts(m, 152, stride);
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
        Fields.longs(m, 8, q.rcq, q.rcq + PageChain.PAGE, q.rxBds, q.sges);
        Fields.bytes(m, 40, q.index, q.rxIndex);
        Fields.shorts(m, 44, q.mtu, q.bufferBytes, q.flags, q.index, q.maxSges == 0 ? 0 : q.bufferBytes,
                Math.min(0xFFFF, (q.maxSges + 1) * q.bufferBytes)); // SGEs, and the longest aggregation
        Fields.bytes(m, 56, q.maxSges, 0, CACHE_LINE_LOG);
        Fields.longs(m, 64, q.txBds);
        Fields.bytes(m, 72, q.index, q.txIndex);
        Fields.shorts(m, 76, q.flags, 0, q.index);
        Fields.bytes(m, 88, q.index, RX_AND_TX);
    }

    /** Says no more than its type: CLOSE stops everything, RELEASE gives everything back. §9.6 */
    static void end(DmaMemory m, int type, int vf) {
        frame(m, type, 12, 0);
        Fields.shorts(m, 8, vf);
    }
}
