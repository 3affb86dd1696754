package dev.npa.pf.niantic;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;

/**
 * Answers what guests ask through the mailbox. NPA plugins do not use it; a driver of another kind in a guest may, and
 * gets no more than the hypervisor's settings allow. Fact sheet §5.
 */
final class MailboxService {

    private static final int MIN_LPE = 68;
    private static final int MAX_LPE = 9728;
    private static final int MAX_HASHES = 30;

    private final Registers registers;
    private final Mailbox mailbox;
    private final PoolLayout layout;
    private final VfSwitching switching;
    private final Runnable multicastChanged;

    MailboxService(Registers registers, Mailbox mailbox, PoolLayout layout, VfSwitching switching,
            Runnable multicastChanged) {
        this.registers = registers;
        this.mailbox = mailbox;
        this.layout = layout;
        this.switching = switching;
        this.multicastChanged = multicastChanged;
    }

    /** Serves one request. */
    void serve(VfState vf) {
        int[] words = mailbox.receive(vf.index());
        int word0 = words[0];
        if ((word0 & (MailboxMessages.ACK | MailboxMessages.NACK)) != 0) {
            return; // not a request
        }
        if (vf.isAssigned() && MailboxMessages.id(word0) == MailboxMessages.RESET) {
            reset(vf, words);
            mailbox.send(vf.index(), words, 4);
        } else if (!vf.isClearToSend()) {
            words[0] = word0 | MailboxMessages.NACK;
            mailbox.send(vf.index(), words, 1);
        } else {
            boolean granted = answer(vf, words);
            words[0] = word0 | MailboxMessages.CTS | (granted ? MailboxMessages.ACK : MailboxMessages.NACK);
            mailbox.send(vf.index(), words, words.length);
        }
    }

    /** A VF acknowledged something. One that has not sent RESET is told so. */
    void acknowledged(VfState vf) {
        if (!vf.isClearToSend()) {
            mailbox.send(vf.index(), new int[] {MailboxMessages.NACK}, 1);
        }
    }

    /** Tells a VF to look at its link. */
    void ping(VfState vf) {
        mailbox.send(vf.index(), new int[] {MailboxMessages.PF_CONTROL | MailboxMessages.CTS}, 1);
    }

    private void reset(VfState vf, int[] words) {
        vf.forgetRequests();
        vf.clearToSend(true); // the port is jumbo: receive waits for a good SET_LPE, §5.2
        multicastChanged.run();
        switching.apply(vf);
        switching.stopHeadWriteBack(vf.index());
        if (vf.isActive()) {
            switching.open(vf);
        }
        MacAddress mac = vf.settings().mac();
        words[0] = MailboxMessages.RESET | MailboxMessages.ACK; // the hypervisor has chosen the address
        words[1] = mac.low32();
        words[2] = mac.high16();
        words[3] = MulticastTable.FILTER_TYPE;
    }

    private boolean answer(VfState vf, int[] words) {
        switch (MailboxMessages.id(words[0])) {
            case MailboxMessages.SET_MAC_ADDR:
                return MacAddress.ofRegisters(words[1], words[2]).equals(vf.settings().mac());
            case MailboxMessages.SET_MULTICAST:
                return setMulticast(vf, words);
            case MailboxMessages.SET_VLAN:
                return setVlan(vf, MailboxMessages.info(words[0]) != 0, words[1]);
            case MailboxMessages.SET_LPE:
                return setLpe(vf, words[1]);
            case MailboxMessages.SET_MACVLAN:
                return MailboxMessages.info(words[0]) == 0; // no more than to clear what there is not
            case MailboxMessages.API_NEGOTIATE:
                return negotiate(vf, words[1]);
            case MailboxMessages.GET_QUEUES:
                return getQueues(vf, words);
            case MailboxMessages.UPDATE_XCAST_MODE:
                return updateXcast(vf, words);
            case MailboxMessages.GET_LINK_STATE:
                words[1] = 1;
                return vf.api() >= MailboxMessages.API_1_2;
            default:
                return false;
        }
    }

    private boolean setMulticast(VfState vf, int[] words) {
        int count = MailboxMessages.info(words[0]);
        if (count > MAX_HASHES) {
            return false;
        }
        vf.requestedHashes().clear();
        for (int i = 0; i < count; i++) {
            vf.requestedHashes().add(words[1 + i / 2] >>> 16 * (i % 2) & 0xFFF);
        }
        multicastChanged.run();
        switching.accept(vf);
        return true;
    }

    /** A guest may leave and enter VLANs that its settings name, no others. */
    private boolean setVlan(VfState vf, boolean add, int word) {
        int vid = word & 0xFFF;
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

    /** The port's limit is jumbo, so a VF that does not know API 1.1 cannot live with it. §5.2 */
    private boolean setLpe(VfState vf, int bytes) {
        if (bytes < MIN_LPE || bytes > MAX_LPE) {
            return false;
        }
        if (vf.api() < MailboxMessages.API_1_1) {
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
        boolean known = api == MailboxMessages.API_1_0 || api >= MailboxMessages.API_1_1
                && api <= MailboxMessages.API_1_3;
        if (known) {
            vf.api(api);
        }
        return known;
    }

    private boolean getQueues(VfState vf, int[] words) {
        if (vf.api() < MailboxMessages.API_1_1) {
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
        if (vf.api() < MailboxMessages.API_1_2 || wanted < VfState.XCAST_NONE || wanted > VfState.XCAST_ALLMULTI) {
            return false;
        }
        int granted = vf.settings().allMulticast() ? wanted : Math.min(wanted, VfState.XCAST_MULTI);
        vf.xcast(granted);
        switching.accept(vf);
        words[1] = granted;
        return true;
    }
}
