package dev.npa.pf.intel;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;

/** Answers that do not depend on the chip, within what the hypervisor's settings grant. 82599 §5, 82576 §4.3. */
public final class CommonAnswers {

    /** Most hashes in a SET_MULTICAST message. */
    public static final int MAX_HASHES = 30;

    private final VfSwitching switching;

    public CommonAnswers(VfSwitching switching) {
        this.switching = switching;
    }

    /** SET_MAC_ADDR: the VM's own address and no other. */
    public boolean setMac(VfState vf, int[] words) {
        return MacAddress.ofRegisters(words[1], words[2]).equals(vf.settings().mac());
    }

    /** SET_MULTICAST with at most {@link #MAX_HASHES} hashes. */
    public boolean setMulticast(VfState vf, int[] words) {
        int count = MailboxMessages.info(words[0]);
        if (count > MAX_HASHES) {
            return false;
        }
        vf.requestedHashes().clear();
        for (int i = 0; i < count; i++) {
            vf.requestedHashes().add(words[1 + i / 2] >>> 16 * (i % 2) & 0xFFF);
        }
        switching.multicast(vf);
        return true;
    }

    /** SET_VLAN: a guest may leave and enter VLANs that its settings name, no others. */
    public boolean setVlan(VfState vf, int[] words) {
        boolean add = MailboxMessages.info(words[0]) != 0;
        int vid = words[1] & 0xFFF;
        VfSettings settings = vf.settings();
        if (settings.vlan() != 0) {
            return false;
        }
        if (vid == 0) {
            return true;
        }
        if (!settings.vlans().contains(vid)) {
            return !add;
        }
        if (add) {
            vf.droppedVlans().remove(vid);
        } else {
            vf.droppedVlans().add(vid);
        }
        switching.apply(vf);
        return true;
    }
}
