package dev.npa.pf.intel;

import dev.npa.hw.MacAddress;

/**
 * Answers what guests ask through the mailbox. NPA plugins send nothing; a driver of another kind in a guest may, and
 * gets no more than the hypervisor's settings allow. 82599 §5, 82576 §4.
 */
final class MailboxService {

    private final Mailbox mailbox;
    private final VfSwitching switching;
    private final MailboxAnswers answers;
    private final int resetWords;

    MailboxService(Mailbox mailbox, VfSwitching switching, MailboxAnswers answers, int resetWords) {
        this.mailbox = mailbox;
        this.switching = switching;
        this.answers = answers;
        this.resetWords = resetWords;
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
            mailbox.send(vf.index(), words, resetWords);
        } else if (!vf.isClearToSend()) {
            words[0] = word0 | MailboxMessages.NACK;
            mailbox.send(vf.index(), words, 1);
        } else {
            boolean granted = answers.answer(vf, words);
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
        vf.clearToSend();
        switching.multicast(vf);
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
}
