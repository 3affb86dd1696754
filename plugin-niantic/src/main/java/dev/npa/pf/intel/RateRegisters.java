package dev.npa.pf.intel;

/**
 * Registers of the transmit rate limiter. 82599 §12, 82576 §9.
 *
 * @param select RTTDQSEL: queue that the others mean
 * @param window RTTBCNRM
 * @param rate RTTBCNRC: bit 31 enable, 27:0 rate factor with 14 bits of fraction
 */
public record RateRegisters(int select, int window, int rate) {}
