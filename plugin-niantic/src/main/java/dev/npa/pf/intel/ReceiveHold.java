package dev.npa.pf.intel;

/** Holds received frames inside the device. */
public interface ReceiveHold {

    /**
     * Pauses: everything received before is in rings.
     *
     * @throws dev.npa.pf.PfException if the device does not come to rest; frames flow on
     */
    void pause();

    void resume();
}
