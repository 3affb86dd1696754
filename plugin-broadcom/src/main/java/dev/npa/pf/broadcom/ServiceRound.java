package dev.npa.pf.broadcom;

import dev.npa.pf.PfException;
import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.shell.ShellLog;

/** Rounds of deferred control work: a change of the link, what VFs did, in its order, then statistics. */
final class ServiceRound {

    private final PfDevice device;
    private final ShellLog log;

    ServiceRound(PfDevice device, ShellLog log) {
        this.device = device;
        this.log = log;
    }

    /** Does at most {@code budget} units of work; what is left is taken up by the next round. */
    int run(int budget) {
        int done = 0;
        if ((device.status.takeAttention() & SlowPathStatus.LINK) != 0) {
            device.vfs.forEach(device.bulletins::post);
            done++;
        }
        while (done < budget) {
            EventElement event = device.events.takeVfEvent();
            if (event == null) {
                break;
            }
            serve(event);
            done++;
        }
        device.statistics.tick(device.registers.clock().nanos(), device.vfs);
        return done;
    }

    private void serve(EventElement event) {
        int index = device.layout.indexOf(event.vf());
        if (index < 0) {
            log.warn("an event names VF " + event.vf() + " of the path, which is not one of this PF's");
            return;
        }
        try {
            serve(event, device.vfs.get(index));
        } catch (PfException e) {
            log.error("an event of VF " + index + " was not served: " + e.getMessage(), e);
        }
    }

    private void serve(EventElement event, VfState vf) {
        switch (event.opcode()) {
            case EventElement.VF_FLR -> wasReset(vf);
            case EventElement.MALICIOUS_VF -> {
                device.statistics.countMalicious();
                vf.malicious(true);
                log.warn("VF " + vf.index() + " broke the device's rules (" + event.fault() + ") and is stopped until it is"
                        + " reset");
            }
            default -> device.channel.serve(vf, event.data());
        }
    }

    /** The VF starts anew: its settings stay, its queues and what its guest asked for are gone. §10.1 */
    private void wasReset(VfState vf) {
        device.control.afterReset(vf);
        if (vf.isAssigned()) {
            device.control.open(vf);
        }
    }
}
