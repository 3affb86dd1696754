/**
 * The Intel 82576 ("Kawela"): a model of its physical function, its eight virtual functions with two queues each,
 * and its embedded switch at the level of registers, descriptors, DMA and interrupts.
 *
 * <p>Registers stand in two text tables, {@code pf-registers.map} and {@code vf-registers.map}; a virtual
 * function's window is a view of the physical function's registers. What an 82599 does in the same way is in
 * {@code dev.npa.sim.nic.intel}, with the rules on threads and on what software does wrong; here is what is the 82576's
 * own: pool {@code n} has queues {@code n} and {@code n + 8}, one register of 25 causes is shared by all functions,
 * the switch knows pools by bits in RAH and VLVF, and each pool has its own frame length.
 *
 * <p><b>[P] RXHOLD</b>, offset 0x24F0 of the physical function, is the one register that no 82576 has. Bit 0 HOLD
 * (reset 0) keeps frames in the packet buffer instead of handing them to filters and rings: flow control stops the
 * link partner when the buffer is full, looped frames wait in their transmit queues, nothing is lost. Bit 31 HELD,
 * read-only: every frame that was accepted before is in its ring and written back. The 82599 has SECRXCTRL for
 * that; RCTL.EN of the 82576 keeps its meaning, which is to lose frames.
 *
 * <p><b>Choices where the fact sheet leaves one.</b> Causes of an enabled virtual function are its own: EICR, EIMS
 * and their like of the physical function show and change the other causes only. A pool whose tag VMVIR inserts
 * keeps a tag that is in the frame already; VLAN anti-spoof is there to refuse it. VFGPRC and its like count looped
 * frames too, the loop-back counters count them once more. SRRCTL resets to 0x400 for all queues. An entry of RETA
 * chooses the second queue of a pool by bit 0 or bit 3. Header split, fragment checksums, storm control and legacy
 * descriptors are not modelled; a queue that asks for header split is refused.
 */
package dev.npa.sim.nic.kawela;
