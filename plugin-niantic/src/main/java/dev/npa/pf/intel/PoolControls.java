package dev.npa.pf.intel;

/** Registers that say what a pool may send and receive. */
public interface PoolControls {

    /** VMOLR bits that are the same on all chips. 82599 §10, 82576 §7 */
    int AUPE = 1 << 24;
    int ROMPE = 1 << 25;
    int BAM = 1 << 27;
    int MPE = 1 << 28;

    /** VMVIR: tag every frame with the default tag. */
    int VMVIR_DEFAULT = 1 << 30;

    /** Programs what a VF's pool accepts besides its address: the bits above, and what its settings ask for. */
    void accept(VfState vf, int bits);

    /** The pool accepts nothing. */
    void acceptNothing(int pool);

    /** VMVIR of a pool. */
    void tag(int pool, int vmvir);

    /** Keeps the tag of the pool's frames from its VF, or not. */
    void hideTag(int pool, boolean hide);

    /**
     * Drops, or not, frames with a foreign source address, and frames with a tag of a VLAN that the pool is no member
     * of. A chip that checks VLANs only with addresses goes by {@code address}.
     */
    void antiSpoof(int pool, boolean address, boolean vlan);

    /** Counts, or not, the frames that this drops. */
    void countSpoofed(int pool, boolean on);

    void receive(int pool, boolean on);

    void transmit(int pool, boolean on);

    /** Leaves a note in the VF's mailbox for a driver that does not use messages. */
    void note(VfState vf);
}
