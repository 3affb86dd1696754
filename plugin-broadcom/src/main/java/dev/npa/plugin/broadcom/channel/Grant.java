package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.support.Fields;

/**
 * What the PF driver granted, or could grant. §9.2
 *
 * @param pairs queue pairs
 * @param doorbellBytes distance of doorbells
 * @param blocks absolute status block of each pair
 * @param zones absolute queue zone of each pair
 */
public record Grant(int pairs, int doorbellBytes, int[] blocks, int[] zones) {

    private static final int MOST = 16;

    /** Reads the response at {@code at}. */
    static Grant read(DmaMemory m, int at) {
        int[] blocks = new int[MOST];
        int[] zones = new int[MOST];
        for (int q = 0; q < MOST; q++) {
            blocks[q] = Fields.u8(m, at + 52 + 2 * q);
            zones[q] = Fields.u8(m, at + 84 + q);
        }
        int pairs = Math.min(Fields.u8(m, at + 100), Math.min(Fields.u8(m, at + 101), Fields.u8(m, at + 102)));
        return new Grant(pairs, Fields.u16(m, at + 48), blocks, zones);
    }

    /** Throws if this cannot serve {@code wanted} pairs. */
    void require(int wanted) {
        boolean usable = pairs >= wanted && doorbellBytes >= 4 && doorbellBytes % 4 == 0
                && doorbellBytes * wanted <= VfBar.DOORBELL_BYTES;
        for (int q = 0; q < wanted && usable; q++) {
            usable = blocks[q] < VfBar.BLOCKS && zones[q] < VfBar.BLOCKS;
        }
        if (!usable) {
            throw new PluginException("1.07", "the 57712's PF driver grants what " + wanted
                    + " queue pairs cannot use: " + pairs + " pairs, doorbells " + doorbellBytes
                    + " bytes apart in a window of " + VfBar.DOORBELL_BYTES + ", status blocks or zones that are not below " + VfBar.BLOCKS);
        }
    }
}
