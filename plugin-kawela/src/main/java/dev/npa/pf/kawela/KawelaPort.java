package dev.npa.pf.kawela;

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
import dev.npa.plugin.kawela.regs.KawelaQueues;
import dev.npa.shell.PacketFlags;

/** An 82576 port: from any state to "virtualised, uplink not yet up", and back to reset. Fact sheet §4.4, §7. */
final class KawelaPort implements Port {

    private static final long RESET_NANOS = 10_000_000;
    private static final int SPEED_SHIFT = 6;
    private static final MailboxRegisters MAILBOX = new MailboxRegisters(PfRegisters.P2VMAILBOX, PfRegisters.VMBMEM,
            PfRegisters.MBVFICR, PfRegisters.MBVFIMR, 1, 3);
    private static final RateRegisters RATES = new RateRegisters(PfRegisters.RTTDQSEL, PfRegisters.RTTBCNRM,
            PfRegisters.RTTBCNRC);

    private final Registers registers;
    private final int virtualFunctions;
    private final Interrupts interrupts;
    private final ReceiveHolder receive;

    KawelaPort(Registers registers, int virtualFunctions, int vectors) {
        this.registers = registers;
        this.virtualFunctions = virtualFunctions;
        this.interrupts = new KawelaInterrupts(registers, vectors);
        this.receive = new ReceiveHolder(registers);
    }

    @Override
    public int queuesPerPool() {
        return 2;
    }

    @Override
    public int pfPool() {
        return virtualFunctions;
    }

    /** Queue pair i of a pool is half the queues away from pair 0. §1 */
    @Override
    public int queue(int pool, int index) {
        return pool + Pools.COUNT * index;
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
        return KawelaQueues.CHIP;
    }

    /** Multicast comes without its tag, which is in the descriptor. §8 */
    @Override
    public int uplinkResults() {
        return ~PacketFlags.RX_HASH;
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public AddressFilters addressFilters() {
        return new KawelaAddressFilters(registers);
    }

    @Override
    public VlanFilters vlanFilters() {
        return new KawelaVlanFilters(registers);
    }

    @Override
    public int uta() {
        return PfRegisters.UTA;
    }

    @Override
    public PoolControls pools() {
        return new Pools(registers);
    }

    @Override
    public MailboxRegisters mailboxRegisters() {
        return MAILBOX;
    }

    @Override
    public MailboxAnswers answers(VfSwitching switching) {
        return new KawelaAnswers(switching);
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
        return decodeLink(registers.read(PfRegisters.STATUS));
    }

    /** STATUS, §2. */
    static LinkState decodeLink(int status) {
        if (status == -1 || (status & PfRegisters.STATUS_LU) == 0) {
            return LinkState.DOWN;
        }
        return switch (status >>> SPEED_SHIFT & 3) {
            case 0 -> new LinkState(true, 10);
            case 1 -> new LinkState(true, 100);
            default -> new LinkState(true, 1_000);
        };
    }

    @Override
    public void reset() {
        if (registers.read(PfRegisters.CTRL) == -1) {
            throw new PfException("82576: the physical function does not answer (all ones); check that it is plugged in"
                    + " and that memory decoding is enabled");
        }
        registers.set(PfRegisters.CTRL, PfRegisters.CTRL_RST);
        registers.clock().stall(RESET_NANOS);
        registers.require(PfRegisters.CTRL, PfRegisters.CTRL_RST, 0, "reset did not end");
    }

    @Override
    public void virtualise() {
        registers.write(PfRegisters.GPIE, PfRegisters.GPIE_NSICR | PfRegisters.GPIE_MSIX | PfRegisters.GPIE_EIAME
                | PfRegisters.GPIE_PBA);
        registers.write(PfRegisters.VT_CTL, pfPool() << PfRegisters.VT_CTL_POOL_SHIFT | PfRegisters.VT_CTL_RPL_EN);
        hash(0);
        registers.write(PfRegisters.VFRE, 1 << pfPool());
        registers.write(PfRegisters.VFTE, 1 << pfPool());
    }

    @Override
    public void hash(int fields) {
        registers.write(PfRegisters.MRQC, fields | PfRegisters.MRQC_VMDQ_RSS);
    }

    @Override
    public void openSwitch() {
        for (int pool = 0; pool < Pools.COUNT; pool++) {
            registers.write(PfRegisters.vmolr(pool), PfRegisters.STRCRC);
        }
        // The uplink carries VMs in emulated mode: all multicast, and what nobody else wants (default pool).
        registers.write(PfRegisters.vmolr(pfPool()), PoolControls.AUPE | PoolControls.BAM | PoolControls.MPE
                | PfRegisters.VMOLR_LPE | new KawelaChip().maxFrame() | PfRegisters.STRCRC);
        registers.write(PfRegisters.RPLOLR, PfRegisters.STRVLAN | PfRegisters.STRCRC);
        int vfs = (1 << virtualFunctions) - 1; // never the PF's own pool: it sends for many addresses
        registers.write(PfRegisters.DTXSWC, PfRegisters.DTXSWC_LOOPBACK | vfs << PfRegisters.DTXSWC_VLAN_SHIFT | vfs);
        registers.set(PfRegisters.DTXCTL, PfRegisters.DTXCTL_VLAN_ADDED | PfRegisters.DTXCTL_SPOOF_INT);
        registers.write(PfRegisters.QDE, 0); // a ring that is short holds frames back
    }

    /** Receive comes on apart, once there are buffers. */
    @Override
    public void enableMac(int maxFrameWithFcs) {
        registers.write(PfRegisters.RLPML, maxFrameWithFcs);
        registers.write(PfRegisters.RXCSUM,
                PfRegisters.RXCSUM_IPOFLD | PfRegisters.RXCSUM_TUOFLD | PfRegisters.RXCSUM_PCSD);
        registers.write(PfRegisters.TCTL, PfRegisters.TCTL_EN | PfRegisters.TCTL_PSP);
    }

    @Override
    public void enableReceive(boolean on) {
        int modes = PfRegisters.RCTL_LPE | PfRegisters.RCTL_BAM | PfRegisters.RCTL_VFE | PfRegisters.RCTL_SECRC;
        registers.write(PfRegisters.RCTL, modes | (on ? PfRegisters.RCTL_EN : 0));
    }

    @Override
    public void cutReceive() {
        enableReceive(false);
    }

    @Override
    public void announce() {
        registers.set(PfRegisters.CTRL_EXT, PfRegisters.CTRL_EXT_PFRSTD);
    }

    @Override
    public boolean wasReset(int vf) {
        return (registers.read(PfRegisters.VFLRE) & 1 << vf) != 0;
    }

    @Override
    public void forgetReset(int vf) {
        registers.write(PfRegisters.VFLRE, 1 << vf); // write 1 clears, §4.1
    }

    @Override
    public long takeSpoofed() {
        return Integer.toUnsignedLong(registers.read(PfRegisters.SSVPC)); // read clears
    }
}
