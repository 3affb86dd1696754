package dev.npa.pf.niantic;

import dev.npa.pf.intel.CommonAnswers;
import dev.npa.pf.intel.MailboxAnswers;
import dev.npa.pf.intel.MailboxMessages;
import dev.npa.pf.intel.Registers;
import dev.npa.pf.intel.VfState;
import dev.npa.pf.intel.VfSwitching;

/** What the 82599's PF driver answers, in API versions 1.0 to 1.3. Fact sheet §5. */
final class NianticAnswers implements MailboxAnswers {

    private static final int SET_MACVLAN = 0x06;
    private static final int API_NEGOTIATE = 0x08;
    private static final int GET_QUEUES = 0x09;
    private static final int UPDATE_XCAST_MODE = 0x0C;
    private static final int GET_LINK_STATE = 0x10;

    /** API versions as API_NEGOTIATE encodes them; 1 is 2.0, of another operating system's drivers. */
    private static final int API_1_0 = 0;
    private static final int API_1_1 = 2;
    private static final int API_1_2 = 3;
    private static final int API_1_3 = 4;

    private static final int MIN_LPE = 68;
    private static final int MAX_LPE = 9728;

    private final Registers registers;
    private final PoolLayout layout;
    private final VfSwitching switching;
    private final CommonAnswers common;

    NianticAnswers(Registers registers, PoolLayout layout, VfSwitching switching) {
        this.registers = registers;
        this.layout = layout;
        this.switching = switching;
        this.common = new CommonAnswers(switching);
    }

    @Override
    public boolean answer(VfState vf, int[] words) {
        switch (MailboxMessages.id(words[0])) {
            case MailboxMessages.SET_MAC_ADDR:
                return common.setMac(vf, words);
            case MailboxMessages.SET_MULTICAST:
                return common.setMulticast(vf, words);
            case MailboxMessages.SET_VLAN:
                return common.setVlan(vf, words);
            case MailboxMessages.SET_LPE:
                return setLpe(vf, words[1]);
            case SET_MACVLAN:
                return MailboxMessages.info(words[0]) == 0; // no more than to clear what there is not
            case API_NEGOTIATE:
                return negotiate(vf, words[1]);
            case GET_QUEUES:
                return getQueues(vf, words);
            case UPDATE_XCAST_MODE:
                return updateXcast(vf, words);
            case GET_LINK_STATE:
                words[1] = 1;
                return vf.api() >= API_1_2;
            default:
                return false;
        }
    }

    /** The port's limit is jumbo, so a VF that does not know API 1.1 cannot live with it. §5.2 */
    private boolean setLpe(VfState vf, int bytes) {
        if (bytes < MIN_LPE || bytes > MAX_LPE) {
            return false;
        }
        if (vf.api() < API_1_1) {
            vf.holdReceive(true);
            switching.receive(vf.index(), false);
            return false;
        }
        vf.holdReceive(false);
        if (vf.isActive()) {
            switching.receive(vf.index(), true);
        }
        if (registers.read(PfRegisters.MAXFRS) >>> PfRegisters.MAXFRS_SHIFT < bytes) {
            registers.write(PfRegisters.MAXFRS, bytes << PfRegisters.MAXFRS_SHIFT);
        }
        return true;
    }

    private static boolean negotiate(VfState vf, int api) {
        boolean known = api == API_1_0 || api >= API_1_1 && api <= API_1_3;
        if (known) {
            vf.api(api);
        }
        return known;
    }

    private boolean getQueues(VfState vf, int[] words) {
        if (vf.api() < API_1_1) {
            return false;
        }
        words[1] = layout.queuesPerPool();
        words[2] = layout.queuesPerPool();
        words[3] = vf.settings().vlan() != 0 ? 1 : 0;
        words[4] = 0;
        return true;
    }

    /** Promiscuous mode does not exist on the 82599; all-multicast is for those whose settings grant it. §5.1 */
    private boolean updateXcast(VfState vf, int[] words) {
        int wanted = words[1];
        if (vf.api() < API_1_2 || wanted < VfState.XCAST_NONE || wanted > VfState.XCAST_ALLMULTI) {
            return false;
        }
        int granted = vf.settings().allMulticast() ? wanted : Math.min(wanted, VfState.XCAST_MULTI);
        vf.xcast(granted);
        switching.accept(vf);
        words[1] = granted;
        return true;
    }
}
