/** Plugin image for the virtual functions of the Broadcom 57712: its entry point. */
package dev.npa.plugin.broadcom;
