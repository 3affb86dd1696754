package dev.npa.pf.niantic;

import dev.npa.hw.LinkState;
import dev.npa.pf.PfException;
import dev.npa.pf.PfHost;
import java.util.ArrayList;
import java.util.List;

/** A started adapter: everything that exists from start to stop. */
final class PfDevice {

    final Registers registers;
    final PoolLayout layout;
    final AddressTable addresses;
    final VlanTable vlans;
    final MulticastTable multicast;
    final VfSwitching switching;
    final Mailbox mailbox;
    final MailboxService messages;
    final Interrupts interrupts;
    final ReceivePath receive;
    final Link link;
    final RateLimiter rates;
    final List<VfState> vfs = new ArrayList<>();

    private final SriovCapability sriov;
    private final BringUp bringUp;
    private UplinkQueues uplink;

    PfDevice(PfHost host, SriovCapability sriov, int virtualFunctions) {
        this.sriov = sriov;
        registers = new Registers(host.function().bar(0), host.clock());
        layout = new PoolLayout(virtualFunctions);
        bringUp = new BringUp(registers, layout);
        addresses = new AddressTable(registers, layout.pfPool());
        vlans = new VlanTable(registers, layout.pfPool());
        multicast = new MulticastTable(registers);
        link = new Link(registers);
        rates = new RateLimiter(registers, link);
        switching = new VfSwitching(registers, layout, vlans, rates);
        mailbox = new Mailbox(registers);
        messages = new MailboxService(registers, mailbox, layout, switching, () -> multicast.rebuild(vfs));
        interrupts = new Interrupts(registers, host.vectors());
        receive = new ReceivePath(registers);
        for (int i = 0; i < virtualFunctions; i++) {
            vfs.add(new VfState(i));
        }
    }

    /** The PF driver's duties in the order of §10. On failure the adapter is back in reset. */
    void start(PfHost host, int maxFrameWithFcs) {
        interrupts.maskAll();
        bringUp.reset();
        try {
            sriov.enable(layout.virtualFunctions(), registers);
            bringUp.virtualise();
            addresses.reset();
            bringUp.openSwitch();
            vlans.reset();
            multicast.reset();
            bringUp.enableMac(maxFrameWithFcs);
            uplink = new UplinkQueues(host, registers, layout.firstQueue(layout.pfPool()), maxFrameWithFcs - 4);
            uplink.start();
            receive.enable(true);
            mailbox.enable();
            interrupts.enable(layout.firstQueue(layout.pfPool()));
            bringUp.announce();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** Leaves the adapter in reset, without VFs, and frees everything. */
    void stop() {
        interrupts.maskAll();
        try {
            receive.enable(false);
        } catch (PfException e) {
            // The reset below stops receive in any case.
            registers.clear(PfRegisters.RXCTRL, PfRegisters.RXCTRL_RXEN);
        }
        if (uplink != null) {
            uplink.disable();
        }
        sriov.disable();
        try {
            bringUp.reset();
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
        LinkState state = link.state();
        for (VfState vf : vfs) {
            if (vf.isAssigned() && state.up()) {
                for (int q = 0; q < layout.queuesPerPool(); q++) {
                    rates.limit(layout.firstQueue(vf.index()) + q, vf.settings().megabitsPerSecond());
                }
            }
            if (vf.isClearToSend()) {
                messages.ping(vf);
            }
        }
    }
}
