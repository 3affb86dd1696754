package dev.npa.pf.intel;

/** One round of deferred control work: VF resets first, then mailbox requests and acknowledges, then the link. */
final class ServiceRound {

    private final PfDevice device;
    private int left;
    private int done;

    ServiceRound(PfDevice device) {
        this.device = device;
    }

    /** Does at most {@code budget} units of work; what is left is taken up by the next round. */
    int run(int budget) {
        left = budget;
        int causes = device.interrupts.takeWork();
        if ((causes & Interrupts.LINK) != 0 && left > 0) {
            device.linkChanged();
            count();
        }
        if ((causes & Interrupts.MAILBOX) != 0) {
            for (VfState vf : device.vfs) {
                if (left == 0) {
                    device.interrupts.putBack(Interrupts.MAILBOX);
                    break;
                }
                serve(vf);
            }
        }
        return done;
    }

    /** A reset comes before a request, since the request may be the first after it. */
    private void serve(VfState vf) {
        int index = vf.index();
        if (device.port.wasReset(index)) {
            device.port.forgetReset(index);
            wasReset(vf);
            count();
        }
        if (device.mailbox.hasRequest(index)) {
            device.messages.serve(vf);
            count();
        }
        if (device.mailbox.takeAcknowledge(index)) {
            device.messages.acknowledged(vf);
            count();
        }
    }

    /**
     * The VF was reset, which cleared its VFRE and VFTE bits: applies its settings again, and lets it send and receive
     * if it is active. Its queues are left alone, because a plugin may have programmed them by now.
     */
    private void wasReset(VfState vf) {
        vf.forgetRequests();
        if (!device.mailbox.hasRequest(vf.index())) {
            device.mailbox.wipe(vf.index()); // not if the guest has already written its first message
        }
        if (!vf.isAssigned()) {
            return;
        }
        device.multicast.rebuild(device.vfs);
        device.switching.apply(vf);
        if (vf.isActive()) {
            device.switching.open(vf);
        }
    }

    private void count() {
        left = Math.max(0, left - 1);
        done++;
    }
}
