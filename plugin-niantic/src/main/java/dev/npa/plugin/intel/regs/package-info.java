/**
 * Layouts that the data paths of Intel's 82599 and 82576 share: registers of a queue and the advanced descriptors, and
 * the description of what a chip has of its own. Layout only, no behaviour; everything is a constant or a pure
 * function. Section numbers in comments are those of the project's fact sheets of the two chips. All values are
 * little-endian.
 */
package dev.npa.plugin.intel.regs;
