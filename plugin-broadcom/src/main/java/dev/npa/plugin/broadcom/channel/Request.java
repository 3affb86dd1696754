package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.DmaMemory;

/** Layouts of the requests of a VF, written to the start of a zeroed message window. §9 */
public final class Request {

    /** Response's offset from the request. */
    static final int RESPONSE = 1024;

    static final int ACQUIRE = 1;
    static final int INIT = 2;
    static final int SETUP_Q = 3;
    static final int TEARDOWN_Q = 7;
    static final int CLOSE = 8;
    static final int RELEASE = 9;
    private static final int LIST_END = 12;
    private static final int PHYS_PORT_ID = 17;

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

    private static void first(DmaMemory m, int type, int length) {
        m.putShort(0, (short) type);
        m.putShort(2, (short) length);
        m.putInt(4, RESPONSE);
    }

    private static void end(DmaMemory m, int at) {
        m.putShort(at, (short) LIST_END);
        m.putShort(at + 2, (short) 8);
    }

    /** Asks for queue pairs, each with a status block. §9.1 */
    public static void acquire(DmaMemory m, int vf, int pairs, long bulletin) {
        first(m, ACQUIRE, 32);
        m.putByte(8, (byte) vf);
        m.putByte(10, (byte) FP_HSI_7_13);
        m.putByte(11, (byte) CAPS);
        m.putByte(12, (byte) pairs);
        m.putByte(13, (byte) pairs);
        m.putByte(14, (byte) pairs);
        m.putByte(15, (byte) MACS);
        m.putByte(16, (byte) VLANS);
        m.putByte(17, (byte) MULTICASTS);
        m.putLong(24, bulletin);
        m.putShort(32, (short) PHYS_PORT_ID); // a PF refuses a VF that does not send it, §15.3
        m.putShort(34, (short) 4);
        end(m, 36);
    }

    /**
     * Tells the addresses of the status blocks and the statistics. §9.3
     *
     * @param block address of block 0; they follow each other
     * @param stride bytes from one queue's statistics to the next
     */
    public static void init(DmaMemory m, int pairs, long block, int blockBytes, long statistics, int stride) {
        first(m, INIT, 168);
        for (int q = 0; q < pairs; q++) {
            m.putLong(8 + 8 * q, block + (long) q * blockBytes);
        }
        m.putLong(144, statistics);
        m.putShort(152, (short) stride);
        end(m, 168);
    }

    /** Addresses and sizes of a queue pair. */
    public record Queue(int index, int flags, int mtu, int bufferBytes, int maxSges, long rcq, long rxBds, long sges,
            long txBds) {}

    /** Sets a queue pair up. §9.4 */
    public static void setup(DmaMemory m, Queue q) {
        first(m, SETUP_Q, 96);
        m.putLong(8, q.rcq);
        m.putLong(16, q.rcq + 4096);
        m.putLong(24, q.rxBds);
        m.putLong(32, q.sges);
        m.putByte(40, (byte) q.index);
        m.putByte(41, (byte) 1); // index of receive completions, §6.1
        m.putShort(44, (short) q.mtu);
        m.putShort(46, (short) q.bufferBytes);
        m.putShort(48, (short) q.flags);
        m.putShort(50, (short) q.index);
        m.putShort(52, (short) (q.maxSges == 0 ? 0 : q.bufferBytes));
        m.putShort(54, (short) Math.min(0xFFFF, (q.maxSges + 1) * q.bufferBytes));
        m.putByte(56, (byte) q.maxSges);
        m.putByte(58, (byte) CACHE_LINE_LOG);
        m.putLong(64, q.txBds);
        m.putByte(72, (byte) q.index);
        m.putByte(73, (byte) 5); // index of transmit packets
        m.putInt(76, q.flags);
        m.putShort(80, (short) q.index);
        m.putByte(88, (byte) q.index);
        m.putByte(89, (byte) RX_AND_TX);
        end(m, 96);
    }

    /** Tears a queue pair down. §9.6 */
    public static void teardown(DmaMemory m, int queue) {
        first(m, TEARDOWN_Q, 12);
        m.putByte(8, (byte) queue);
        end(m, 12);
    }

    /** Stops everything; resources stay. §9.6 */
    public static void close(DmaMemory m, int vf) {
        first(m, CLOSE, 12);
        m.putShort(8, (short) vf);
        end(m, 12);
    }

    /** Gives everything back. §9.6 */
    public static void release(DmaMemory m, int vf) {
        first(m, RELEASE, 12);
        m.putShort(8, (short) vf);
        end(m, 12);
    }
}
