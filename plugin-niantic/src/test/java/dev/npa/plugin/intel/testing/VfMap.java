package dev.npa.plugin.intel.testing;

/**
 * Where a chip's fact sheet puts the registers of a VF; numbers of the tests' own, not those of the code under test.
 *
 * @param mailbox mailbox control
 * @param cause EICR
 * @param maskSet EIMS
 * @param maskClear EIMC
 * @param autoClear EIAC
 * @param autoMask EIAM
 * @param rx first receive queue
 * @param tx first transmit queue
 * @param stride bytes from queue to queue
 * @param srrctl offset of SRRCTL in a receive queue
 * @param queues queues of the VF
 */
public record VfMap(int mailbox, int cause, int maskSet, int maskClear, int autoClear, int autoMask, int rx, int tx,
        int stride, int srrctl, int queues) {

    /** 82599, section 2. */
    public static final VfMap NIANTIC =
            new VfMap(0x2FC, 0x100, 0x108, 0x10C, 0x110, 0x114, 0x1000, 0x2000, 0x40, 0x14, 4);
    /** 82576, section 2. */
    public static final VfMap KAWELA =
            new VfMap(0xC40, 0x1580, 0x1524, 0x1528, 0x152C, 0x1530, 0x2800, 0x3800, 0x100, 0x0C, 2);

    int rx(int q) {
        return rx + stride * q;
    }

    int tx(int q) {
        return tx + stride * q;
    }

    /** Whether this is RXDCTL or TXDCTL of a queue. */
    boolean isDctl(int offset) {
        return queueOf(offset) >= 0;
    }

    /** Queue whose RXDCTL or TXDCTL this is; -1 if it is none. */
    int queueOf(int offset) {
        for (int q = 0; q < queues; q++) {
            if (offset == rx(q) + 0x28 || offset == tx(q) + 0x28) {
                return q;
            }
        }
        return -1;
    }
}
