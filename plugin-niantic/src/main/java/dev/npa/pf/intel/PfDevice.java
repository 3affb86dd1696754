package dev.npa.pf.intel;

import dev.npa.pf.PfException;
import dev.npa.pf.PfHost;
import java.util.ArrayList;
import java.util.List;

/** A started adapter: everything that exists from start to stop. */
final class PfDevice {

    private static final int FCS = 4;

    final Registers registers;
    final Port port;
    final AddressTable addresses;
    final VlanTable vlans;
    final MulticastTable multicast;
    final VfSwitching switching;
    final Mailbox mailbox;
    final MailboxService messages;
    final Interrupts interrupts;
    final ReceiveHold receive;
    final RssTable rss;
    final List<VfState> vfs = new ArrayList<>();

    private final PfChip chip;
    private final SriovCapability sriov;
    private final int virtualFunctions;
    private UplinkQueues uplink;

    PfDevice(PfChip chip, PfHost host, SriovCapability sriov, int virtualFunctions) {
        this.chip = chip;
        this.sriov = sriov;
        this.virtualFunctions = virtualFunctions;
        registers = new Registers(chip.name(), host.function().bar(0), host.clock());
        port = chip.port(registers, virtualFunctions, host.vectors());
        addresses = new AddressTable(chip.name(), port.addressFilters(), port.pfPool());
        vlans = new VlanTable(chip.name(), registers, port.vlanFilters(), port.pfPool());
        multicast = new MulticastTable(registers, port.uta());
        RateLimiter rates = new RateLimiter(registers, port.rateRegisters(), port, chip.maxMegabits());
        switching = new VfSwitching(registers, port, port.pools(), vlans, rates, () -> multicast.rebuild(vfs));
        mailbox = new Mailbox(registers, port.mailboxRegisters());
        messages = new MailboxService(mailbox, switching, port.answers(switching),
                port.mailboxRegisters().resetWords());
        interrupts = port.interrupts();
        receive = port.receive();
        rss = new RssTable(registers, port);
        for (int i = 0; i < virtualFunctions; i++) {
            vfs.add(new VfState(i, chip.holdsAfterReset()));
        }
    }

    /** The PF driver's duties in the order of the fact sheets. On failure the adapter is back in reset. */
    void start(PfHost host) {
        interrupts.maskAll();
        port.reset();
        try {
            sriov.enable(virtualFunctions, registers);
            port.virtualise();
            rss.reset();
            addresses.reset();
            port.openSwitch();
            vlans.reset();
            multicast.reset();
            port.enableMac(chip.maxFrame());
            uplink = new UplinkQueues(chip.name(), host, registers, port, chip.maxFrame() - FCS);
            uplink.start();
            port.enableReceive(true);
            mailbox.enable();
            interrupts.enable(port.queue(port.pfPool(), 0));
            port.announce();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** Leaves the adapter in reset, without VFs, and frees everything. */
    void stop() {
        interrupts.maskAll();
        try {
            port.enableReceive(false);
        } catch (PfException e) {
            port.cutReceive(); // the reset below stops receive in any case
        }
        if (uplink != null) {
            uplink.disable();
        }
        sriov.disable();
        try {
            port.reset();
        } finally {
            if (uplink != null) {
                uplink.release();
            }
        }
    }

    UplinkQueues uplink() {
        return uplink;
    }

    /** The link changed: rate factors depend on its speed, and guests that use the mailbox look at it. */
    void linkChanged() {
        boolean up = port.link().up();
        for (VfState vf : vfs) {
            if (vf.isAssigned() && up) {
                switching.limit(vf.index(), vf.settings().megabitsPerSecond());
            }
            if (vf.isClearToSend()) {
                messages.ping(vf);
            }
        }
    }
}
