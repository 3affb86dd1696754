/**
 * The paravirtual NIC that every VM boots with: an emulation of VMware's vmxnet3, revision 1, at the level of
 * registers, rings, DMA and interrupts, with the switch protocol's commands and events on top.
 *
 * <p>The guest's threads write registers; the thread of the virtual switch runs the data path. Section numbers in
 * comments are those of the project's vmxnet3 fact sheet.
 */
package dev.npa.sim.vmxnet3;
