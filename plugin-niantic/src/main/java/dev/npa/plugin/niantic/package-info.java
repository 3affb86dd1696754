/**
 * Plugin image 1.0.0 for the virtual functions of the Intel 82599 (Niantic): its entry point. Transmits are completed
 * by the DD bit of each packet's last descriptor.
 */
package dev.npa.plugin.niantic;
