package dev.npa.pf.broadcom.hsi;

/**
 * What the firmware keeps about a status block, as the 16 words that the PF writes into CSTORM's memory. §6.2
 *
 * @param address where the 64 bytes of the status block are
 * @param pf number of the PF on its path
 * @param vf number of the VF on its path; -1 for a block of the PF
 * @param rxTimeout coalescing of receive in units of 4 us; 0 = none
 * @param txTimeout coalescing of transmit in units of 4 us; 0 = none
 */
public record StatusBlockData(int block, long address, int pf, int vf, int rxTimeout, int txTimeout) {

    /** Words of the structure. */
    public static final int WORDS = 16;

    private static final int COALESCE = 1 << 1;
    private static final int TX_MACHINE = 1;
    private static final int RX_INDEX = 1;
    private static final int FIRST_TX_INDEX = 4;
    private static final int INDICES = 8;
    private static final int NO_TIMER = 0xFF00;
    private static final int ENABLED = 1;

    /** The words, in the order of memory. */
    public int[] words() {
        byte[] entries = new byte[2 * INDICES];
        for (int i = 0; i < INDICES; i++) {
            boolean tx = i >= FIRST_TX_INDEX;
            int timeout = tx ? txTimeout : i == RX_INDEX ? rxTimeout : 0;
            entries[2 * i] = (byte) timeout;
            entries[2 * i + 1] = (byte) ((tx ? TX_MACHINE : 0) | (timeout != 0 ? COALESCE : 0));
        }
        int[] words = new int[WORDS];
        for (int i = 0; i < entries.length; i++) {
            words[i / 4] |= (entries[i] & 0xFF) << 8 * (i % 4);
        }
        words[4] = (int) address;
        words[5] = (int) (address >>> 32);
        for (int machine = 0; machine < 2; machine++) {
            words[6 + 2 * machine] = machine | NO_TIMER | block << 16;
            words[7 + 2 * machine] = -1;
        }
        boolean virtual = vf >= 0;
        words[10] = pf | pf << 8 | (virtual ? vf << 16 | 1 << 24 : 0xFF << 16);
        words[11] = 1 | ENABLED << 16;
        return words;
    }
}
