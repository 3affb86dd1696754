/**
 * Layouts of the Intel 82599 that a data path needs: registers of a virtual function and of a queue, and the advanced
 * descriptors. Layout only, no behaviour; everything is a constant or a pure function. Section numbers in comments are
 * those of the project's 82599 fact sheet. All values are little-endian.
 */
package dev.npa.plugin.niantic.regs;
