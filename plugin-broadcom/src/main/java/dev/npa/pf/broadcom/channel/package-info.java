/**
 * Messages between VF and PF of a 57712: lists of TLVs in 1024 bytes, requests as records, responses as a writer.
 *
 * <p>Codecs only; what a request does is the driver's. Everything in a request comes from a guest: it is checked here
 * for form and by the driver for permission. Section numbers in comments are those of the project's 57712 fact sheet.
 */
package dev.npa.pf.broadcom.channel;
