package dev.npa.pf.kawela;

/** Registers of the 82576's physical function, offsets in BAR 0. Fact sheet §2, §3, §4, §7, §9. */
final class PfRegisters {

    static final int CTRL = 0x0000;
    static final int CTRL_RST = 1 << 26;
    static final int STATUS = 0x0008;
    static final int STATUS_LU = 1 << 1;
    static final int CTRL_EXT = 0x0018;
    static final int CTRL_EXT_PFRSTD = 1 << 14;

    static final int ICR = 0x00C0;
    static final int IMS = 0x00D0;
    static final int IMC = 0x00D8;
    static final int ICR_LSC = 1 << 2;
    static final int ICR_VMMB = 1 << 8;
    static final int GPIE = 0x1514;
    static final int GPIE_NSICR = 1;
    static final int GPIE_MSIX = 1 << 4;
    static final int GPIE_EIAME = 1 << 30;
    static final int GPIE_PBA = 1 << 31;
    static final int EIMS = 0x1524;
    static final int EIMC = 0x1528;
    static final int EIAC = 0x152C;
    static final int EIAM = 0x1530;
    static final int EICR = 0x1580;
    static final int EITR = 0x1680;
    static final int IVAR0 = 0x1700;
    static final int IVAR_MISC = 0x1740;
    static final int IVAR_VALID = 0x80;

    static final int RCTL = 0x0100;
    static final int RCTL_EN = 1 << 1;
    static final int RCTL_LPE = 1 << 5;
    static final int RCTL_BAM = 1 << 15;
    static final int RCTL_VFE = 1 << 18;
    static final int RCTL_SECRC = 1 << 26;
    static final int TCTL = 0x0400;
    static final int TCTL_EN = 1 << 1;
    static final int TCTL_PSP = 1 << 3;
    static final int QDE = 0x2408;
    /** Holds received frames; the one register that no real part has. */
    static final int RXHOLD = 0x24F0;
    static final int RXHOLD_HOLD = 1;
    static final int RXHOLD_HELD = 1 << 31;
    static final int RXCSUM = 0x5000;
    static final int RXCSUM_IPOFLD = 1 << 8;
    static final int RXCSUM_TUOFLD = 1 << 9;
    /** RXCSUM: the descriptor has the RSS hash instead of a fragment checksum. */
    static final int RXCSUM_PCSD = 1 << 13;
    static final int RLPML = 0x5004;

    static final int MRQC = 0x5818;
    /** MRQC: VMDq with RSS over 2 queues. */
    static final int MRQC_VMDQ_RSS = 5;
    static final int VT_CTL = 0x581C;
    static final int VT_CTL_POOL_SHIFT = 7;
    static final int VT_CTL_RPL_EN = 1 << 30;
    static final int VMOLR_LPE = 1 << 16;
    static final int VMOLR_RSSE = 1 << 17;
    static final int STRVLAN = 1 << 30;
    static final int STRCRC = 1 << 31;
    static final int RPLOLR = 0x5AF0;
    static final int VFTA = 0x5600;
    static final int UTA = 0xA000;
    static final int VLVF_ENTRIES = 32;
    static final int VLVF_POOLS_SHIFT = 12;
    static final int VLVF_VIEN = 1 << 31;
    static final int RAR_ENTRIES = 24;
    static final int RAH_POOLS_SHIFT = 18;
    static final int RAH_AV = 1 << 31;
    /** PSRTYPE: log2 of the RSS queues, first bit. */
    static final int RQPL_SHIFT = 29;

    static final int DTXSWC = 0x3500;
    static final int DTXSWC_VLAN_SHIFT = 8;
    static final int DTXSWC_LOOPBACK = 1 << 31;
    static final int DTXCTL = 0x3590;
    static final int DTXCTL_VLAN_ADDED = 1 << 3;
    static final int DTXCTL_SPOOF_INT = 1 << 6;
    static final int SSVPC = 0x41A0;

    static final int RTTDQSEL = 0x3604;
    static final int RTTBCNRM = 0x3690;
    static final int RTTBCNRC = 0x36B0;

    static final int VMBMEM = 0x0800;
    static final int P2VMAILBOX = 0x0C00;
    static final int MBVFICR = 0x0C80;
    static final int MBVFIMR = 0x0C84;
    static final int VFLRE = 0x0C88;
    static final int VFRE = 0x0C8C;
    static final int VFTE = 0x0C90;

    private PfRegisters() {}

    static int rx(int queue) {
        return 0xC000 + 0x40 * queue;
    }

    static int tx(int queue) {
        return 0xE000 + 0x40 * queue;
    }

    static int ral(int n) {
        return n < 16 ? 0x5400 + 8 * n : 0x54E0 + 8 * (n - 16);
    }

    static int rah(int n) {
        return ral(n) + 4;
    }

    static int vmolr(int pool) {
        return 0x5AD0 + 4 * pool;
    }

    static int vmvir(int pool) {
        return 0x3700 + 4 * pool;
    }

    static int vlvf(int n) {
        return 0x5D00 + 4 * n;
    }

    static int psrtype(int vf) {
        return 0x5480 + 4 * vf;
    }
}
