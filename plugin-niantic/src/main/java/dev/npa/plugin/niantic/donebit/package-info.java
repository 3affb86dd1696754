/** Completion of transmits by the DD bit that the 82599 writes back into a descriptor with RS. */
package dev.npa.plugin.niantic.donebit;
