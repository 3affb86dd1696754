package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;

/**
 * SETUP_Q: one queue pair of a VF. Addresses are the VF's. §9.4
 *
 * @param rxBlock status block for receive, within the VF
 * @param rxRate receive interrupts a second; 0 = as they come
 * @param bufferBytes bytes of a receive buffer
 * @param flags queue flags
 * @param queue queue within the VF
 * @param valid 1 receive part, 2 transmit part
 */
public record SetupQueue(long rcq, long rxBds, long sges, int rxBlock, int rxRate, int mtu, int bufferBytes, int flags,
        int sgeBytes, int maxAggregation, int maxSges, int cacheLineLog, long txBds, int txBlock, int txRate,
        int txFlags, int queue, int valid) {

    /** Bytes of the TLV. */
    public static final int BYTES = 96;

    public static final int TPA = 1;
    public static final int TPA_IPV6 = 2;
    public static final int TPA_GRO = 4;
    public static final int STRIP_VLAN = 0x40;
    public static final int COALESCE = 0x100;

    public static SetupQueue read(DmaMemory m) {
        return new SetupQueue(m.getLong(8), m.getLong(24), m.getLong(32), Acquire.u8(m, 40), Acquire.u16(m, 42),
                Acquire.u16(m, 44), Acquire.u16(m, 46), Acquire.u16(m, 48), Acquire.u16(m, 52), Acquire.u16(m, 54),
                Acquire.u8(m, 56), Acquire.u8(m, 58), m.getLong(64), Acquire.u8(m, 72), Acquire.u16(m, 74),
                m.getInt(76), Acquire.u8(m, 88), Acquire.u8(m, 89));
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether both parts are there. */
    public boolean isPair() {
        return (valid & 3) == 3;
    }

    /** Coalescing time of receive in units of 4 us. */
    public int rxTimeout() {
        return has(COALESCE) ? timeout(rxRate) : 0;
    }

    /** Coalescing time of transmit in units of 4 us. */
    public int txTimeout() {
        return (txFlags & COALESCE) != 0 ? timeout(txRate) : 0;
    }

    private static int timeout(int rate) {
        return rate == 0 ? 0 : Math.min(255, 1_000_000 / rate / 4);
    }
}
