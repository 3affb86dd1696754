/**
 * The scratch device of the image for the 57712 ({@link dev.npa.plugin.ScratchDevice}): queue pair 0 of a VF and the PF
 * driver's end of its channel, as far as a driver sees them work. Section numbers are those of the 57712 fact sheet.
 */
package dev.npa.plugin.broadcom.scratch;
