package dev.npa.pf.niantic;

import dev.npa.pf.PfException;

/** Takes the device from any state to "virtualised, uplink not yet up", and back to reset. Fact sheet §8, §10. */
final class BringUp {

    private static final long RESET_NANOS = 10_000_000;
    /** Toeplitz key with good spread; any 40 bytes do, they only have to stay the same. §15 */
    private static final int[] RSS_KEY = {
        0xda565a6d, 0xc20e5b25, 0x3d256741, 0xb08fa343, 0xcb2bcad0, 0xb4307bae, 0xa32dcb77, 0x0cf23080, 0x3bb7426a,
        0xfa01acbe};
    private static final int RETA_REGISTERS = 32;

    private final Registers registers;
    private final PoolLayout layout;

    BringUp(Registers registers, PoolLayout layout) {
        this.registers = registers;
        this.layout = layout;
    }

    /** Resets the adapter: no DMA, no VF traffic, all registers at their defaults. */
    void reset() {
        if (registers.read(PfRegisters.CTRL) == -1) {
            throw new PfException("82599: the physical function does not answer (all ones); check that it is plugged in"
                    + " and that memory decoding is enabled");
        }
        registers.set(PfRegisters.CTRL, PfRegisters.CTRL_RST);
        registers.clock().stall(RESET_NANOS);
        registers.require(PfRegisters.CTRL, PfRegisters.CTRL_RST, 0, "reset did not end");
        // Bounded and without a verdict: a device whose DMA is not up shows it when its queues do not enable.
        registers.await(PfRegisters.RDRXCTL, PfRegisters.RDRXCTL_DMAIDONE, PfRegisters.RDRXCTL_DMAIDONE);
    }

    /** Virtualisation modes: duties 2 to 5. */
    void virtualise() {
        int mode = layout.vtMode();
        registers.write(PfRegisters.GPIE, PfRegisters.GPIE_MSIX | PfRegisters.GPIE_EIAME | PfRegisters.GPIE_PBA
                | mode << PfRegisters.GPIE_VT_SHIFT);
        registers.write(PfRegisters.GCR_EXT, PfRegisters.GCR_EXT_MSIX_EN | mode);
        // VFs from 32 on have throttle registers of their own only if told so. §3
        registers.write(PfRegisters.EITRSEL, layout.is64Pools() ? -1 : 0);
        registers.write(PfRegisters.VT_CTL, PfRegisters.VT_CTL_ENA | PfRegisters.VT_CTL_RPL_EN
                | layout.pfPool() << PfRegisters.VT_CTL_POOL_SHIFT);
        spread();
        registers.set(PfRegisters.RTTDCS, PfRegisters.RTTDCS_ARBDIS); // MTQC changes only with the arbiter off
        registers.write(PfRegisters.MTQC, PfRegisters.MTQC_VT_ENA
                | layout.mtqcLayout() << PfRegisters.MTQC_LAYOUT_SHIFT);
        registers.clear(PfRegisters.RTTDCS, PfRegisters.RTTDCS_ARBDIS);
        int word = PoolLayout.word(layout.pfPool());
        registers.write(PfRegisters.vfre(1 - word), 0);
        registers.write(PfRegisters.vfte(1 - word), 0);
        registers.write(PfRegisters.vfre(word), PoolLayout.bit(layout.pfPool()));
        registers.write(PfRegisters.vfte(word), PoolLayout.bit(layout.pfPool()));
    }

    private void spread() {
        for (int i = 0; i < RSS_KEY.length; i++) {
            registers.write(PfRegisters.RSSRK + 4 * i, RSS_KEY[i]);
        }
        for (int i = 0; i < RETA_REGISTERS; i++) {
            registers.write(PfRegisters.RETA + 4 * i, 0x03020100); // the pool's size masks what it cannot use
        }
        registers.write(PfRegisters.MRQC, PfRegisters.MRQC_FIELDS
                | (layout.is64Pools() ? PfRegisters.MRQC_64_POOLS : PfRegisters.MRQC_32_POOLS));
    }

    /** Switch and filters that concern no single VF: duty 6. */
    void openSwitch() {
        for (int pool = 0; pool < layout.pfPool(); pool++) {
            registers.write(PfRegisters.vmolr(pool), 0);
        }
        // The uplink carries VMs in emulated mode: all multicast, and what nobody else wants (default pool).
        registers.write(PfRegisters.vmolr(layout.pfPool()),
                PfRegisters.VMOLR_AUPE | PfRegisters.VMOLR_BAM | PfRegisters.VMOLR_MPE);
        for (int pool = 0; pool < 64; pool += 8) {
            int vfs = Math.max(0, Math.min(8, layout.pfPool() - pool));
            int mask = (1 << vfs) - 1; // never the PF's own pool: it sends for many addresses
            registers.write(PfRegisters.spoof(pool), mask | mask << 8);
        }
        registers.write(PfRegisters.PFDTXGSWC, PfRegisters.PFDTXGSWC_LBE);
        registers.write(PfRegisters.VLNCTRL, PfRegisters.VLNCTRL_VFE | PfRegisters.ETHERTYPE_VLAN);
        registers.write(PfRegisters.FCTRL, PfRegisters.FCTRL_BAM);
    }

    /** Frame format and size, transmit DMA on. Queues can be enabled afterwards. */
    void enableMac(int maxFrameWithFcs) {
        registers.set(PfRegisters.HLREG0, PfRegisters.HLREG0_TXCRCEN | PfRegisters.HLREG0_RXCRCSTRP
                | PfRegisters.HLREG0_TXPADEN | PfRegisters.HLREG0_JUMBOEN);
        registers.write(PfRegisters.MAXFRS, maxFrameWithFcs << PfRegisters.MAXFRS_SHIFT);
        registers.set(PfRegisters.RDRXCTL, PfRegisters.RDRXCTL_CRCSTRIP);
        registers.set(PfRegisters.DMATXCTL, PfRegisters.DMATXCTL_TE);
    }

    /** Tells VFs that the PF is back: they leave reset. */
    void announce() {
        registers.set(PfRegisters.CTRL_EXT, PfRegisters.CTRL_EXT_PFRSTD);
    }
}
