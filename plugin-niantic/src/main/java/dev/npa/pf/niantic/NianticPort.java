package dev.npa.pf.niantic;

import dev.npa.hw.LinkState;
import dev.npa.pf.PfException;
import dev.npa.pf.intel.AddressFilters;
import dev.npa.pf.intel.Interrupts;
import dev.npa.pf.intel.MailboxAnswers;
import dev.npa.pf.intel.MailboxRegisters;
import dev.npa.pf.intel.PoolControls;
import dev.npa.pf.intel.Port;
import dev.npa.pf.intel.RateRegisters;
import dev.npa.pf.intel.ReceiveHold;
import dev.npa.pf.intel.Registers;
import dev.npa.pf.intel.VfSwitching;
import dev.npa.pf.intel.VlanFilters;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.niantic.regs.NianticQueues;
import dev.npa.shell.PacketFlags;

/** An 82599 port: from any state to "virtualised, uplink not yet up", and back to reset. Fact sheet §8, §10. */
final class NianticPort implements Port {

    private static final long RESET_NANOS = 10_000_000;
    private static final int SPEED_SHIFT = 28;
    private static final MailboxRegisters MAILBOX = new MailboxRegisters(PfRegisters.PFMAILBOX, PfRegisters.PFMBMEM,
            PfRegisters.PFMBICR, PfRegisters.PFMBIMR, 4, 4);
    private static final RateRegisters RATES = new RateRegisters(PfRegisters.RTTDQSEL, PfRegisters.RTTBCNRM,
            PfRegisters.RTTBCNRC);

    private final Registers registers;
    private final PoolLayout layout;
    private final Interrupts interrupts;
    private final ReceivePath receive;

    NianticPort(Registers registers, int virtualFunctions, int vectors) {
        this.registers = registers;
        this.layout = new PoolLayout(virtualFunctions);
        this.interrupts = new NianticInterrupts(registers, vectors);
        this.receive = new ReceivePath(registers);
    }

    @Override
    public int queuesPerPool() {
        return layout.queuesPerPool();
    }

    @Override
    public int pfPool() {
        return layout.pfPool();
    }

    @Override
    public int queue(int pool, int index) {
        return layout.firstQueue(pool) + index;
    }

    @Override
    public int rx(int queue) {
        return PfRegisters.rx(queue);
    }

    @Override
    public int tx(int queue) {
        return PfRegisters.tx(queue);
    }

    @Override
    public ChipQueues queues() {
        return NianticQueues.CHIP;
    }

    /** Tags stay in the frames of the uplink: nobody strips them. */
    @Override
    public int uplinkResults() {
        return ~(PacketFlags.RX_VLAN | PacketFlags.RX_HASH);
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public AddressFilters addressFilters() {
        return new NianticAddressFilters(registers);
    }

    @Override
    public VlanFilters vlanFilters() {
        return new NianticVlanFilters(registers);
    }

    @Override
    public int uta() {
        return PfRegisters.UTA;
    }

    @Override
    public PoolControls pools() {
        return new NianticPools(registers, layout);
    }

    @Override
    public MailboxRegisters mailboxRegisters() {
        return MAILBOX;
    }

    @Override
    public MailboxAnswers answers(VfSwitching switching) {
        return new NianticAnswers(registers, layout, switching);
    }

    @Override
    public RateRegisters rateRegisters() {
        return RATES;
    }

    @Override
    public ReceiveHold receive() {
        return receive;
    }

    @Override
    public LinkState link() {
        return decodeLink(registers.read(PfRegisters.LINKS));
    }

    /** LINKS, §2. */
    static LinkState decodeLink(int links) {
        if (links == -1 || (links & PfRegisters.LINKS_UP) == 0) {
            return LinkState.DOWN;
        }
        return switch (links >>> SPEED_SHIFT & 3) {
            case 3 -> new LinkState(true, 10_000);
            case 2 -> new LinkState(true, 1_000);
            case 1 -> new LinkState(true, 100);
            default -> LinkState.DOWN;
        };
    }

    @Override
    public void reset() {
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

    /** Duties 2 to 5. */
    @Override
    public void virtualise() {
        int mode = layout.vtMode();
        registers.write(PfRegisters.GPIE, PfRegisters.GPIE_MSIX | PfRegisters.GPIE_EIAME | PfRegisters.GPIE_PBA
                | mode << PfRegisters.GPIE_VT_SHIFT);
        registers.write(PfRegisters.GCR_EXT, PfRegisters.GCR_EXT_MSIX_EN | mode);
        // VFs from 32 on have throttle registers of their own only if told so. §3
        registers.write(PfRegisters.EITRSEL, layout.is64Pools() ? -1 : 0);
        registers.write(PfRegisters.VT_CTL, PfRegisters.VT_CTL_ENA | PfRegisters.VT_CTL_RPL_EN
                | layout.pfPool() << PfRegisters.VT_CTL_POOL_SHIFT);
        hash(0);
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

    @Override
    public void hash(int fields) {
        registers.write(PfRegisters.MRQC, fields
                | (layout.is64Pools() ? PfRegisters.MRQC_64_POOLS : PfRegisters.MRQC_32_POOLS));
    }

    /** Duty 6. */
    @Override
    public void openSwitch() {
        for (int pool = 0; pool < layout.pfPool(); pool++) {
            registers.write(PfRegisters.vmolr(pool), 0);
        }
        // The uplink carries VMs in emulated mode: all multicast, and what nobody else wants (default pool).
        registers.write(PfRegisters.vmolr(layout.pfPool()), PoolControls.AUPE | PoolControls.BAM | PoolControls.MPE);
        for (int pool = 0; pool < 64; pool += 8) {
            int vfs = Math.max(0, Math.min(8, layout.pfPool() - pool));
            int mask = (1 << vfs) - 1; // never the PF's own pool: it sends for many addresses
            registers.write(PfRegisters.spoof(pool), mask | mask << 8);
        }
        registers.write(PfRegisters.PFDTXGSWC, PfRegisters.PFDTXGSWC_LBE);
        registers.write(PfRegisters.VLNCTRL, PfRegisters.VLNCTRL_VFE | PfRegisters.ETHERTYPE_VLAN);
        registers.write(PfRegisters.FCTRL, PfRegisters.FCTRL_BAM);
        // Receive descriptors carry the hash, not the IP id and fragment checksum. §6.5
        registers.write(PfRegisters.RXCSUM, PfRegisters.RXCSUM_PCSD);
        registers.write(PfRegisters.MCSTCTRL, PfRegisters.MCSTCTRL_MFE); // hash type 0
    }

    @Override
    public void enableMac(int maxFrameWithFcs) {
        registers.set(PfRegisters.HLREG0, PfRegisters.HLREG0_TXCRCEN | PfRegisters.HLREG0_RXCRCSTRP
                | PfRegisters.HLREG0_TXPADEN | PfRegisters.HLREG0_JUMBOEN);
        registers.write(PfRegisters.MAXFRS, maxFrameWithFcs << PfRegisters.MAXFRS_SHIFT);
        registers.set(PfRegisters.RDRXCTL, PfRegisters.RDRXCTL_CRCSTRIP);
        // A congestion window is reduced once: CWR on the first segment only. §6.3
        registers.write(PfRegisters.DTXTCPFLGL, PfRegisters.DTXTCPFLGL_MASKS);
        registers.write(PfRegisters.DTXTCPFLGH, PfRegisters.DTXTCPFLGH_MASK);
        registers.set(PfRegisters.DMATXCTL, PfRegisters.DMATXCTL_TE);
    }

    @Override
    public void enableReceive(boolean on) {
        receive.enable(on);
    }

    @Override
    public void cutReceive() {
        registers.clear(PfRegisters.RXCTRL, PfRegisters.RXCTRL_RXEN);
    }

    @Override
    public void announce() {
        registers.set(PfRegisters.CTRL_EXT, PfRegisters.CTRL_EXT_PFRSTD);
    }

    @Override
    public boolean wasReset(int vf) {
        return (registers.read(PfRegisters.vflre(PoolLayout.word(vf))) & PoolLayout.bit(vf)) != 0;
    }

    @Override
    public void forgetReset(int vf) {
        registers.write(PfRegisters.vflrec(PoolLayout.word(vf)), PoolLayout.bit(vf));
    }

    @Override
    public long takeSpoofed() {
        return Integer.toUnsignedLong(registers.read(PfRegisters.SSVPC)); // read clears, §10
    }
}
