/** Completion of transmits by the head that the device writes to memory. */
package dev.npa.plugin.intel.headwriteback;
