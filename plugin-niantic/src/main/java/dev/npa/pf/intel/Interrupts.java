package dev.npa.pf.intel;

/** Interrupts of a PF: vector 0 for the uplink queues, the last vector for mailbox and link. */
public interface Interrupts {

    /** Work: a mailbox message, an acknowledge or a VF reset. */
    int MAILBOX = 1;
    /** Work: the link changed. */
    int LINK = 2;

    /** Masks everything. */
    void maskAll();

    /** Routes and unmasks the PF's causes. */
    void enable(int uplinkQueue);

    /** Whether the device raised this vector since it was last asked. */
    boolean fired(int vector);

    /** Work that came up since the last call. */
    int takeWork();

    /** Puts work back that is not finished. */
    void putBack(int work);
}
