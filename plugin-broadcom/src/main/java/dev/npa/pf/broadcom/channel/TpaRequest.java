package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.broadcom.hsi.TpaUpdate;

/** UPDATE_TPA: how a VF wants segments merged. §9.6 */
public final class TpaRequest {

    /** Bytes of the TLV. */
    public static final int BYTES = 152;

    private static final int MOST_QUEUES = 8;
    private static final int MOST_SGES = 3;

    private TpaRequest() {}

    /** Whether the request stays within what the firmware takes. §5.5 */
    public static boolean isPossible(DmaMemory m) {
        return Acquire.u8(m, 138) <= MOST_QUEUES && Acquire.u8(m, 139) <= MOST_SGES;
    }

    /** What it says for one queue. */
    public static TpaUpdate read(DmaMemory m, int queue, int client) {
        return new TpaUpdate(client, Acquire.u8(m, 136), Acquire.u8(m, 137), Acquire.u8(m, 138),
                Acquire.u8(m, 139), Acquire.u8(m, 142), Acquire.u16(m, 144), Acquire.u16(m, 146),
                m.getLong(8 + 8 * queue), Acquire.u16(m, 148), Acquire.u16(m, 150));
    }
}
