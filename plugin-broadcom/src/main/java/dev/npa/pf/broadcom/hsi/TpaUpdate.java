package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;

/**
 * Data of TPA_UPDATE: aggregation of one client.
 *
 * @param ipv4 0 keep, 1 enable, 2 disable
 * @param ipv6 0 keep, 1 enable, 2 disable
 * @param sgeBase address of the client's ring of receive pages
 */
public record TpaUpdate(int client, int ipv4, int ipv6, int maxQueues, int maxSges, int mode, int sgeBytes,
        int maxAggregation, long sgeBase, int pauseLow, int pauseHigh) {

    /** Bytes of the structure. */
    public static final int BYTES = 32;

    /** Writes the structure into zeroed memory. */
    public void write(DmaMemory m) {
        m.putByte(0, (byte) ipv4);
        m.putByte(1, (byte) ipv6);
        m.putByte(2, (byte) client);
        m.putByte(3, (byte) maxQueues);
        m.putByte(4, (byte) maxSges);
        m.putByte(6, (byte) 1);
        m.putByte(7, (byte) mode);
        m.putShort(8, (short) sgeBytes);
        m.putShort(10, (short) maxAggregation);
        m.putInt(12, (int) sgeBase);
        m.putInt(16, (int) (sgeBase >>> 32));
        m.putShort(20, (short) pauseLow);
        m.putShort(22, (short) pauseHigh);
    }
}
