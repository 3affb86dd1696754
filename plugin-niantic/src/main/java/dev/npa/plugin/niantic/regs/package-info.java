/** What the queues of the 82599 have of their own. Constants; section numbers are those of its fact sheet. */
package dev.npa.plugin.niantic.regs;
