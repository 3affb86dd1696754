package dev.npa.pf.broadcom;

import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.pf.broadcom.hsi.Ramrod;
import dev.npa.pf.broadcom.hsi.RssUpdate;
import dev.npa.pf.broadcom.hsi.RuleSet;

/** Programs the embedded switch for one VF from its settings, what its guest asked for, and whether it is active. */
final class VfSwitching {

    private final PathLayout layout;
    private final SlowPath slowPath;

    VfSwitching(PathLayout layout, SlowPath slowPath) {
        this.layout = layout;
        this.slowPath = slowPath;
    }

    /** Applies everything to a VF whose leading queue is live; does nothing to one whose is not. */
    void apply(VfState vf) {
        if (!hasRules(vf)) {
            return;
        }
        accept(vf); // before there is a rule that a frame could match
        spread(vf);
        vf.rules().vlans(vf.wishes().vlans(vf.settings()));
        vf.rules().macs(vf.wishes().macs(vf.settings()));
        vf.rules().bins(vf.wishes().bins(vf.settings()));
    }

    /** Opens the VF to the frames that its rules name, or closes it to all. */
    void accept(VfState vf) {
        if (hasRules(vf)) {
            vf.rules().accept(vf.isActive() ? vf.wishes().accept(vf.settings()) : RuleSet.DROP_ALL);
        }
    }

    private static boolean hasRules(VfState vf) {
        return vf.isAssigned() && vf.queues().get(0).isLive() && !vf.isMalicious();
    }

    /** RSS of the VF's own engine; the table names only clients that are set up. §8.4 */
    private void spread(VfState vf) {
        RssUpdate update = new RssUpdate(layout.functionOf(vf.index()), vf.rss(), vf.firstBlock(),
                slowPath.nextEcho());
        slowPath.run(Ramrod.RSS_UPDATE, Ramrod.ETHERNET, layout.functionOf(vf.index()), layout.cid(vf.index(), 0),
                EventElement.RSS_UPDATE, update::write);
    }

    /** Gives the port VLAN and the spoof check of the settings to all queues. */
    void updateQueues(VfState vf) {
        if (!vf.isMalicious()) {
            for (Queue queue : vf.queues()) {
                if (queue.isLive()) {
                    queue.update(vf.settings().spoofCheck(), vf.settings().vlan());
                }
            }
        }
    }
}
