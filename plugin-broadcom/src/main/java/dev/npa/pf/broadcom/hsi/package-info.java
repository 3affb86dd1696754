/**
 * Byte layouts that the PF driver shares with the firmware of a 57712: slow-path elements, ramrod data, event ring
 * elements, status block data, the bulletin board. Codecs only: nothing here keeps state or touches a register.
 *
 * <p>All fields are little-endian; offsets are bytes from the start of the structure. Ramrod data is written into a
 * zeroed area that the caller owns. Section numbers in comments are those of the project's 57712 fact sheet.
 */
package dev.npa.pf.broadcom.hsi;
