package dev.npa.sim.nic.niantic;

import dev.npa.hw.Clock;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.intel.Causes;
import dev.npa.sim.nic.intel.CsrWindow;
import dev.npa.sim.nic.intel.Fabric;
import dev.npa.sim.nic.intel.IntelCore;
import dev.npa.sim.nic.intel.Mailbox;
import dev.npa.sim.nic.intel.RxEngine;
import dev.npa.sim.nic.intel.Silicon;
import dev.npa.sim.nic.intel.TxEngine;

/** An Intel 82599: its parts put together. */
final class NianticChip implements Silicon {

    private static final PciIdentity PF = new PciIdentity(0x8086, 0x10FB, 0x8086, 0x0003, 1);
    private static final PciIdentity VF = new PciIdentity(0x8086, 0x10ED, 0x8086, 0x0003, 1);
    private static final int PF_VECTORS = 64;

    private final Core core;
    private final MsixTable pfTable;
    private final MsixTable[] vfTables = new MsixTable[Core.POOLS];
    private final EmbeddedSwitch fabric;
    private final Interrupts interrupts;
    private final Mailbox mailbox;
    private final Resets resets;
    private final NianticReceive receive;
    private final NianticTransmit transmit;
    private final VfRegisters vfView;

    NianticChip(String name, Clock clock, Violations violations, Wire.End wire) {
        core = new Core(name, clock, violations, wire);
        pfTable = new MsixTable(PF_VECTORS, core.pfPort);
        SwitchTables tables = new SwitchTables(core);
        interrupts = new Interrupts(core, pfTable, vfTables);
        mailbox = new Mailbox(core.regs, "PVFMAILBOX", "PFMAILBOX", new MailboxCauses(core, interrupts));
        fabric = new EmbeddedSwitch(core, tables);
        Statistics statistics = new Statistics(core);
        receive = new NianticReceive(core, fabric, interrupts, statistics);
        transmit = new NianticTransmit(core, fabric, receive, interrupts, statistics);
        resets = new Resets(core, interrupts, mailbox, () -> forget(tables));
        new PortRegisters(core);
        vfView = new VfRegisters(core);
    }

    private void forget(SwitchTables tables) {
        tables.invalidate();
        receive.reset();
        for (int q = 0; q < Core.QUEUES; q++) {
            core.tx[q].rateFactor = 0;
            core.rx[q].queueDrop = false;
            core.rx[q].hideVlan = false;
        }
    }

    @Override
    public IntelCore core() {
        return core;
    }

    @Override
    public PciIdentity physicalIdentity() {
        return PF;
    }

    @Override
    public PciIdentity virtualIdentity() {
        return VF;
    }

    @Override
    public RegisterWindow physicalWindow() {
        return CsrWindow.physical(core);
    }

    @Override
    public MsixTable physicalTable() {
        return pfTable;
    }

    @Override
    public MsixTable[] virtualTables() {
        return vfTables;
    }

    @Override
    public RegisterWindow virtualWindow(int vf, MsixTable table) {
        return CsrWindow.virtual(core, vfView, mailbox, table, vf);
    }

    @Override
    public Fabric fabric() {
        return fabric;
    }

    @Override
    public Causes causes() {
        return interrupts;
    }

    @Override
    public RxEngine receive() {
        return receive;
    }

    @Override
    public TxEngine transmit() {
        return transmit;
    }

    @Override
    public void resetDevice() {
        resets.device();
    }

    @Override
    public void resetVirtualFunction(int vf) {
        resets.virtualFunction(vf);
    }
}
