/**
 * PF driver of the Broadcom 57712: owns the physical function, enables virtual functions, runs ramrods for them, serves
 * their channel, and drives the uplink queues.
 *
 * <p><b>Threading.</b> One caller at a time, as {@link dev.npa.pf} says.
 *
 * <p>Section numbers in comments are those of the project's 57712 fact sheet.
 */
package dev.npa.pf.broadcom;
