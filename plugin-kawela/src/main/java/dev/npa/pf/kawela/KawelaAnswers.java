package dev.npa.pf.kawela;

import dev.npa.pf.intel.CommonAnswers;
import dev.npa.pf.intel.MailboxAnswers;
import dev.npa.pf.intel.MailboxMessages;
import dev.npa.pf.intel.VfState;
import dev.npa.pf.intel.VfSwitching;

/** What the 82576's PF driver answers; there are no API versions. Fact sheet §4.3. */
final class KawelaAnswers implements MailboxAnswers {

    private static final int SET_PROMISC = 0x06;
    private static final int PROMISC_MULTICAST = 1 << 1;
    /** SET_MULTICAST: more groups than the message has room for. */
    private static final int OVERFLOW = 0x80;
    private static final int MIN_LPE = 68;

    private final VfSwitching switching;
    private final CommonAnswers common;

    KawelaAnswers(VfSwitching switching) {
        this.switching = switching;
        this.common = new CommonAnswers(switching);
    }

    @Override
    public boolean answer(VfState vf, int[] words) {
        int info = MailboxMessages.info(words[0]);
        switch (MailboxMessages.id(words[0])) {
            case MailboxMessages.SET_MAC_ADDR:
                return info == 0 && common.setMac(vf, words); // no filters besides the VM's address
            case MailboxMessages.SET_MULTICAST:
                return (info & OVERFLOW) == 0 && common.setMulticast(vf, words) || overflow(vf);
            case MailboxMessages.SET_VLAN:
                return common.setVlan(vf, words);
            case MailboxMessages.SET_LPE:
                return setLpe(vf, words[1]);
            case SET_PROMISC:
                return setPromiscuous(vf, info);
            default:
                return false;
        }
    }

    /** More groups than hashes: all multicast, if the settings grant it. */
    private boolean overflow(VfState vf) {
        if (!vf.settings().allMulticast()) {
            return false;
        }
        vf.xcast(VfState.XCAST_ALLMULTI);
        switching.accept(vf);
        return true;
    }

    /** A guest may take shorter frames than its settings grant, not longer ones. */
    private boolean setLpe(VfState vf, int bytes) {
        if (bytes < MIN_LPE || bytes > vf.settings().mtu() + KawelaChip.OVERHEAD) {
            return false;
        }
        vf.maxFrame(bytes);
        switching.accept(vf);
        return true;
    }

    private boolean setPromiscuous(VfState vf, int info) {
        boolean all = info == PROMISC_MULTICAST;
        if (info != 0 && !(all && vf.settings().allMulticast())) {
            return false;
        }
        vf.xcast(all ? VfState.XCAST_ALLMULTI : VfState.XCAST_MULTI);
        switching.accept(vf);
        return true;
    }
}
