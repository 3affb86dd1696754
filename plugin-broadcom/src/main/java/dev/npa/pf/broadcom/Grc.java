package dev.npa.pf.broadcom;

/** Addresses in the PF's BAR 0 (GRC), and the bits in them that the driver uses. Fact sheet §1, §2, §10, §16. */
final class Grc {

    static final int CHIP_NUM = 0xA408;
    static final int CHIP_NUM_57712 = 0x1662;
    static final int SHARED_MEM_ADDR = 0xA2B4;
    static final int LINK_STATUS = 0x10328;
    static final int LINK_UP_10G = 1 << 15;
    static final int FIRST_VF = 0x624;
    static final int VF_MSIX_SIZE = 0x61C;
    static final int INTERNAL_VFID_ENABLE = 0x9438;
    static final int PBF_DISABLE_VF = 0x1402EC;
    static final int IGU_VF_CONFIG = 0x130170;
    static final int IGU_VF_ENABLE = 1;
    static final int IGU_VF_MSIX = 1 << 1;
    static final int IGU_VF_PARENT_SHIFT = 2;
    static final int IGU_COMMAND_DATA = 0x130124;
    static final int IGU_COMMAND_CTRL = 0x13012C;
    static final int IGU_COMMAND_WRITE = 1 << 20;
    static final int IGU_COMMAND_FUNCTION_SHIFT = 12;
    static final int OPERATION_GEN = 0x1664C4;
    static final int FINAL_CLEANUP = 1 << 31;
    static final int BRB_HOLD = 0x601F0;
    static final int BRB_IDLE = 1 << 31;

    static final int DORQ_CID_BASE = 0x1701A0;
    static final int DORQ_CID_WINDOW = 0x1701A4;
    static final int DORQ_VF_BASE = 0x1701A8;
    static final int DORQ_VF_BITS = 0x1701EC;
    static final int DORQ_STRIDE = 0x1701F4;
    static final int DORQ_VF_LIMIT = 0x170340;

    static final int DMAE_GO = 0x102080;
    static final int DMAE_COMMAND = 0x102400;

    static final int CHANNEL_READY = 0;
    static final int CHANNEL_VALID = 1 << 8;

    private static final int PRETEND = 0x120674;
    private static final int IGU_MAPPING = 0x131000;
    private static final int ZONE_PERMISSION = 0x103400;
    private static final int USTORM = 0x400000;
    private static final int CSTORM = 0x410000;
    private static final int XSTORM = 0x420000;
    private static final int TSTORM = 0x430000;
    private static final int IGU_WINDOW = 0x440000;

    private Grc() {}

    static int pretend(int pf) {
        return PRETEND + 4 * pf;
    }

    static int iguMapping(int block) {
        return IGU_MAPPING + 4 * block;
    }

    static int zonePermission(int zone) {
        return ZONE_PERMISSION + 4 * zone;
    }

    /** Acknowledge address of a block inside the IGU window, in units of 8 bytes. */
    static int iguAck(int block) {
        return 0x400 + block;
    }

    static int iguWindow(int iguAddress) {
        return IGU_WINDOW + 8 * iguAddress;
    }

    /** Receive producers of a queue zone. */
    static int rxProducers(int zone) {
        return USTORM + 0x6000 + 32 * zone;
    }

    static int slowPathBase(int pf) {
        return XSTORM + 0xC000 + 16 * pf;
    }

    static int slowPathProducer(int pf) {
        return XSTORM + 0xC008 + 16 * pf;
    }

    /** Function enable byte, with the PF that a VF belongs to in the byte above, in each storm that has it. */
    static int[] functionEnable(int function) {
        return new int[] {XSTORM + 0x9950 + 8 * function, TSTORM + 0x17E0 + 8 * function,
            CSTORM + 0x11A8 + 8 * function};
    }

    static int cleanupDone(int function) {
        return CSTORM + 0x11AC + 8 * function;
    }

    static int statusBlockData(int block) {
        return CSTORM + 0xC000 + 64 * block;
    }

    static int defaultStatusBlock(int pf) {
        return CSTORM + 0xF640 + 16 * pf;
    }

    static int eventRing(int pf) {
        return CSTORM + 0x5900 + 0x30 * (pf >> 1) + 0x18 * (pf & 1);
    }

    static int channelState(int vf) {
        return CSTORM + 0x5700 + 8 * vf;
    }
}
