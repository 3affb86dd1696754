/** Completion of transmits by the DD bit that the device writes back into a descriptor with RS. */
package dev.npa.plugin.intel.donebit;
