package dev.npa.sim.nic.broadcom;

/** Registers that all PFs of a path share and that only hold a value: doorbell queue, 57712 §10.3. */
final class PathRegisters {

    private static final int CID_BASE = 0x1701A0;
    private static final int CID_WINDOW = 0x1701A4;
    private static final int VF_BASE = 0x1701A8;
    private static final int MAX_VFID_BITS = 0x1701EC;
    private static final int STRIDE = 0x1701F4;
    private static final int LIMIT = 0x170340;
    private static final int[] ALL = {CID_BASE, CID_WINDOW, VF_BASE, MAX_VFID_BITS, STRIDE, LIMIT};

    private final int[] values = new int[ALL.length];
    /** Whether doorbells of VFs find their connection. Read without the lock. */
    volatile boolean doorbellsReady;

    private static int slot(int address) {
        for (int i = 0; i < ALL.length; i++) {
            if (ALL[i] == address) {
                return i;
            }
        }
        return -1;
    }

    static boolean has(int address) {
        return slot(address) >= 0;
    }

    int read(int address) {
        return values[slot(address)];
    }

    void write(int address, int value) {
        values[slot(address)] = value;
        doorbellsReady = read(CID_BASE) == Path.VF_CIDS && read(CID_WINDOW) == 4 && read(VF_BASE) == 0
                && read(STRIDE) == 3;
    }
}
