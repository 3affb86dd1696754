/**
 * Layouts of the Broadcom 57712 as pure functions of numbers: the VF's BAR, buffer descriptors, completions, page chains
 * and the interrupt word. Everything is little-endian; two {@code long} words make a 16-byte descriptor. Certainty and
 * sources are in the device's fact sheet, whose sections are cited as §n.
 */
package dev.npa.plugin.broadcom.regs;
