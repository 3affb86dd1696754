/**
 * What the queues of the 82576 have of their own, and the note that its PF driver leaves for the plugin. Constants and
 * pure functions; section numbers are those of its fact sheet.
 */
package dev.npa.plugin.kawela.regs;
