/** Plugin image 1.0.0 for the virtual functions of the Intel 82576 (Kawela): its entry point. */
package dev.npa.plugin.kawela;
