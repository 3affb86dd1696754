package dev.npa.pf.niantic;

/** Registers of the 82599's physical function, offsets in BAR 0. Fact sheet §3, §4, §10, §12, §15. */
final class PfRegisters {

    static final int CTRL = 0x0000;
    static final int CTRL_RST = 1 << 26;
    static final int CTRL_EXT = 0x0018;
    static final int CTRL_EXT_PFRSTD = 1 << 14;

    static final int EICR = 0x0800;
    static final int EIMS = 0x0880;
    static final int EIMC = 0x0888;
    static final int EIAC = 0x0810;
    static final int EIAM = 0x0890;
    static final int EICR_MAILBOX = 1 << 19;
    static final int EICR_LSC = 1 << 20;
    static final int EITRSEL = 0x0894;
    static final int GPIE = 0x0898;
    static final int GPIE_MSIX = 1 << 4;
    static final int GPIE_VT_SHIFT = 14;
    static final int GPIE_EIAME = 1 << 30;
    static final int GPIE_PBA = 1 << 31;
    static final int IVAR_MISC = 0x0A00;
    static final int IVAR_VALID = 0x80;
    static final int GCR_EXT = 0x11050;
    static final int GCR_EXT_MSIX_EN = 1 << 31;

    static final int VT_CTL = 0x51B0;
    static final int VT_CTL_ENA = 1;
    static final int VT_CTL_POOL_SHIFT = 7;
    static final int VT_CTL_RPL_EN = 1 << 30;
    static final int MRQC = 0x5818;
    /** MRQC: 32 pools with RSS over 4 queues, 64 pools with RSS over 2. */
    static final int MRQC_32_POOLS = 0xA;
    static final int MRQC_64_POOLS = 0xB;
    static final int MTQC = 0x8120;
    static final int MTQC_VT_ENA = 1 << 1;
    static final int MTQC_LAYOUT_SHIFT = 2;
    static final int RTTDCS = 0x4900;
    static final int RTTDCS_ARBDIS = 1 << 6;

    static final int RXCSUM = 0x5000;
    static final int RXCSUM_PCSD = 1 << 13;
    static final int FCTRL = 0x5080;
    static final int FCTRL_BAM = 1 << 10;
    static final int VLNCTRL = 0x5088;
    static final int VLNCTRL_VFE = 1 << 30;
    static final int ETHERTYPE_VLAN = 0x8100;
    static final int MCSTCTRL = 0x5090;
    static final int MCSTCTRL_MFE = 1 << 2;
    static final int UTA = 0xF400;
    static final int VFTA = 0xA000;
    static final int RAH_AV = 1 << 31;
    static final int RAR_ENTRIES = 128;
    static final int VLVF_ENTRIES = 64;
    static final int VLVF_VIEN = 1 << 31;

    static final int PFDTXGSWC = 0x8220;
    static final int PFDTXGSWC_LBE = 1;
    static final int SSVPC = 0x8780;
    static final int QDE = 0x2F04;
    static final int QDE_HIDE_VLAN = 1 << 1;
    static final int QDE_INDEX_SHIFT = 8;
    static final int QDE_WRITE = 1 << 16;

    static final int RDRXCTL = 0x2F00;
    static final int RDRXCTL_CRCSTRIP = 1 << 1;
    static final int RDRXCTL_DMAIDONE = 1 << 3;
    static final int RXCTRL = 0x3000;
    static final int RXCTRL_RXEN = 1;
    static final int SECRXCTRL = 0x8D00;
    static final int SECRXCTRL_RX_DIS = 1 << 1;
    static final int SECRXSTAT = 0x8D04;
    static final int SECRXSTAT_READY = 1;
    static final int DMATXCTL = 0x4A80;
    static final int DMATXCTL_TE = 1;
    /** Masks for TCP's data offset and flags in the first (11:0) and the middle (27:16) segments. */
    static final int DTXTCPFLGL = 0x4A88;
    /** FIN and PSH go from both, CWR from the middle ones, where the reset value leaves it. */
    static final int DTXTCPFLGL_MASKS = 0x0F76_0FF6;
    /** The mask for the last segment. */
    static final int DTXTCPFLGH = 0x4A8C;
    static final int DTXTCPFLGH_MASK = 0xF7F;
    static final int HLREG0 = 0x4240;
    static final int HLREG0_TXCRCEN = 1;
    static final int HLREG0_RXCRCSTRP = 1 << 1;
    static final int HLREG0_JUMBOEN = 1 << 2;
    static final int HLREG0_TXPADEN = 1 << 10;
    static final int MAXFRS = 0x4268;
    static final int MAXFRS_SHIFT = 16;
    static final int LINKS = 0x42A4;
    static final int LINKS_UP = 1 << 30;

    static final int RTTDQSEL = 0x4904;
    static final int RTTBCNRM = 0x4980;
    static final int RTTBCNRC = 0x4984;

    static final int PFMBICR = 0x0710;
    static final int PFMBIMR = 0x0720;
    static final int PFMAILBOX = 0x4B00;
    static final int PFMBMEM = 0x13000;

    private PfRegisters() {}

    static int eimcEx(int i) {
        return 0x0AB0 + 4 * i;
    }

    static int eitr(int vector) {
        return 0x0820 + 4 * vector;
    }

    /** Register n serves absolute queues 2n and 2n+1. */
    static int ivar(int queue) {
        return 0x0900 + 4 * (queue / 2);
    }

    static int rx(int queue) {
        return queue < 64 ? 0x1000 + 0x40 * queue : 0xD000 + 0x40 * (queue - 64);
    }

    static int tx(int queue) {
        return 0x6000 + 0x40 * queue;
    }

    static int ral(int n) {
        return n < 16 ? 0x5400 + 8 * n : 0xA200 + 8 * n;
    }

    static int rah(int n) {
        return ral(n) + 4;
    }

    /** Pool bits of a RAR entry; {@code word} 0 has pools 0..31, 1 has 32..63. */
    static int mpsar(int n, int word) {
        return 0xA600 + 8 * n + 4 * word;
    }

    static int vfre(int word) {
        return 0x51E0 + 4 * word;
    }

    static int vfte(int word) {
        return 0x8110 + 4 * word;
    }

    static int vmolr(int pool) {
        return 0xF000 + 4 * pool;
    }

    static int vmvir(int pool) {
        return 0x8000 + 4 * pool;
    }

    static int vlvf(int n) {
        return 0xF100 + 4 * n;
    }

    static int vlvfb(int n, int word) {
        return 0xF200 + 8 * n + 4 * word;
    }

    /** MACAS in bits 7:0, VLANAS in bits 15:8, eight pools a register. */
    static int spoof(int pool) {
        return 0x8200 + 4 * (pool / 8);
    }

    static int vmecm(int word) {
        return 0x8790 + 4 * word;
    }

    static int vflre(int word) {
        return word == 0 ? 0x0600 : 0x01C0;
    }

    static int vflrec(int word) {
        return 0x0700 + 4 * word;
    }
}
