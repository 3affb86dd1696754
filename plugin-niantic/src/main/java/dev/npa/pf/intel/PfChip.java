package dev.npa.pf.intel;

/** A kind of adapter of the family: its limits, and how to take hold of one. One constant a PF driver. */
public interface PfChip {

    /** What to call it in messages. */
    String name();

    /** Most VFs that the driver enables; the device may have fewer. */
    int maxVirtualFunctions();

    /** Largest MTU of VFs and uplink. */
    int maxMtu();

    /** Longest frame on the wire with FCS: what the port is programmed for. */
    int maxFrame();

    /** Smallest rate limit in Mbit/s. */
    int minMegabits();

    /** Speed of the port at its best, in Mbit/s. */
    int maxMegabits();

    /** Whether receive of a VF that sends RESET waits for its SET_LPE. */
    boolean holdsAfterReset();

    /** Registers of an adapter that is going to have so many VFs; touches nothing yet. */
    Port port(Registers registers, int virtualFunctions, int vectors);
}
