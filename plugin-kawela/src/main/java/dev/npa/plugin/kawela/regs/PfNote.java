package dev.npa.plugin.kawela.regs;

/**
 * A note that the PF driver leaves in the last word of a VF's mailbox memory (§4.1). No message of the mailbox reaches
 * that far, so drivers that use messages never see it.
 *
 * <p>It is there because the 82576, unlike the 82599, cannot hide the tag of a port VLAN: a pool that strips it reports
 * it in the descriptor (§7, §8). Whoever drives the VF has to keep it from the guest, and only the PF driver knows.
 */
public final class PfNote {

    /** Word of the mailbox memory. */
    public static final int WORD = 15;

    /** Upper half of a note; anything else is a leftover. */
    private static final int MARK = 0x4E50_0000;
    private static final int MARK_MASK = 0xFFFF_0000;
    private static final int HIDE_TAGS = 1;

    private PfNote() {}

    /**
     * Writes a note.
     *
     * @param hideTags whether stripped tags are those of a port VLAN
     */
    public static int of(boolean hideTags) {
        return MARK | (hideTags ? HIDE_TAGS : 0);
    }

    /** Whether tags are to be kept from the guest. */
    public static boolean hidesTags(int word) {
        return (word & MARK_MASK) == MARK && (word & HIDE_TAGS) != 0;
    }
}
