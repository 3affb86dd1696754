package dev.npa.pf.intel;

import dev.npa.hw.LinkState;
import dev.npa.plugin.intel.regs.ChipQueues;

/**
 * The registers of one adapter by what they are for: everything in which the chips of the family differ. Logic that
 * they share is in the classes that use it. Bring-up steps are called in the order in which they are declared.
 */
public interface Port {

    /** Queue pairs of each pool; a VF's pool has its number, the PF's is the one after the last VF's. */
    int queuesPerPool();

    /** The PF's pool. */
    int pfPool();

    /** Absolute number of a pool's queue. */
    int queue(int pool, int index);

    /** First register of an absolute receive queue. */
    int rx(int queue);

    /** First register of an absolute transmit queue. */
    int tx(int queue);

    /** What its queues have of their own. */
    ChipQueues queues();

    /** Result flags of the uplink's receive queue: hashes mean nothing there. */
    int uplinkResults();

    Interrupts interrupts();

    AddressFilters addressFilters();

    VlanFilters vlanFilters();

    /** Offset of the unicast hash table. */
    int uta();

    PoolControls pools();

    MailboxRegisters mailboxRegisters();

    /** Answers messages other than RESET. */
    MailboxAnswers answers(VfSwitching switching);

    RateRegisters rateRegisters();

    ReceiveHold receive();

    LinkState link();

    /** Resets the adapter: no DMA, no VF traffic, all registers at their defaults. */
    void reset();

    /** Virtualisation modes. */
    void virtualise();

    /** Sets how packets are hashed: MRQC with the bits of {@link RssTable} and the mode. */
    void hash(int fields);

    /** Switch and filters that concern no single VF. */
    void openSwitch();

    /** Frame format and size, transmit on. Queues can be enabled afterwards. */
    void enableMac(int maxFrameWithFcs);

    /**
     * Turns receive on or off as a whole.
     *
     * @throws dev.npa.pf.PfException if the device does not follow
     */
    void enableReceive(boolean on);

    /** Turns receive off whatever happens; a reset follows. */
    void cutReceive();

    /** Tells VFs that the PF is back: they leave reset. */
    void announce();

    /** Whether a VF was reset since {@link #forgetReset}. */
    boolean wasReset(int vf);

    void forgetReset(int vf);

    /** Spoofed frames since the last call. */
    long takeSpoofed();
}
