package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.PfException;
import dev.npa.pf.broadcom.hsi.Bulletin;
import dev.npa.shell.ShellLog;

/** Posts bulletins into the memory of VFs that gave an address for it. §9.7 */
final class BulletinBoards {

    /** Bytes of the area that a bulletin is made in. */
    static final int BYTES = 64;

    private final Dmae dmae;
    private final DmaMemory memory;
    private final Link link;
    private final ShellLog log;

    BulletinBoards(Dmae dmae, DmaMemory memory, Link link, ShellLog log) {
        this.dmae = dmae;
        this.memory = memory;
        this.link = link;
        this.log = log;
    }

    /** Tells a VF its address, its VLAN and the link. */
    void post(VfState vf) {
        post(vf, false);
    }

    /** Tells a VF that the PF is going away. */
    void postDown(VfState vf) {
        post(vf, true);
    }

    private void post(VfState vf, boolean down) {
        if (vf.bulletinAddress() == 0 || !vf.isAssigned()) {
            return;
        }
        memory.clear();
        int bytes = new Bulletin(vf.nextBulletinVersion(), vf.settings().mac(), vf.settings().vlan(), link.state(),
                down, vf.hasExtendedBulletin()).write(memory);
        try {
            dmae.toVf(vf.number(), memory.address(), vf.bulletinAddress(), bytes);
        } catch (PfException e) {
            log.warn("VF " + vf.index() + " got no bulletin: " + e.getMessage());
            vf.bulletin(0, false);
        }
    }
}
