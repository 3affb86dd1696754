/** Completion of transmits by the head that the 82599 writes to memory. */
package dev.npa.plugin.niantic.headwriteback;
