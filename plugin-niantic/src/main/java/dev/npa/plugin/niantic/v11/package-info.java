/**
 * Plugin image 1.1.0 for the virtual functions of the Intel 82599 (Niantic): its entry point. Transmits are completed
 * by head write-back, which costs one read of memory a burst.
 */
package dev.npa.plugin.niantic.v11;
