package dev.npa.plugin.vmxnet3;

/** Layout of TxCompDesc, 16 bytes (fact sheet §9). The device stores dword 3, which has the generation bit, last. */
final class TxCompletion {

    static final int SIZE = 16;
    /** Bits 0..11: index of the last TxDesc of the packet. */
    static final int D0 = 0;
    /** Bit 31: generation. */
    static final int D3 = 12;

    private TxCompletion() {}

    static int txdIdx(int d0) {
        return d0 & 0xFFF;
    }

    static int generation(int d3) {
        return d3 >>> 31;
    }
}
