/**
 * The Broadcom NetXtreme II BCM57712: a model of one path (one wire port, up to four physical functions, 64 virtual
 * functions) at the level of registers, buffer descriptors, completions, DMA and interrupts.
 *
 * <p>Drivers reach it through {@code GrcWindow} (BAR0 of a PF), {@code Doorbell} (BAR2 of a PF) and {@code VfWindow}
 * (BAR0 of a VF). {@code SlowPath} takes ramrods and leaves them to {@code QueueRamrods}, {@code RuleRamrods} and
 * {@code StatQuery}; {@code EventRing} tells the PF. {@code TxEngine} and {@code RxEngine} move frames over
 * {@code PageChain}s, {@code Tpa} merges TCP segments, {@code EmbeddedSwitch} decides where frames go,
 * {@code StatusBlocks} and {@code Igu} turn completions into messages, {@code Guard} ends what must end.
 *
 * <p><b>Threading.</b> One lock a path: held by {@code run}, taken by register accesses with side effects; producers
 * and doorbells are an ordered store only.
 *
 * <p><b>What software does wrong</b> is recorded as a violation and never throws. What firmware calls malicious stops
 * the function's queues until its reset, and the PF gets an event.
 *
 * <p><b>Decided here</b>, because no public source has the fact: the sizes of BAR2 and of the packet buffer's hold
 * register 0x601f0; the layouts of shared memory, default status block and STAT_QUERY data; the encoding of final
 * cleanup in XSDM OPERATION_GEN; reset contents of the IGU mapping; slow-path commands are done when the producer's
 * write returns; page chains are walked at first use; TPA closes 20 microseconds after the last segment; a frame
 * without memory waits in the packet buffer; UDP hashed with its ports reports the hash type of TCP; the VLAN parsing
 * flag is set only for a tag that was removed and reported; frames shorter than 60 bytes are padded; a sender in the
 * host's VLAN that brings another tag of its own is refused. Not modelled: tunnels, GRO mode, more than one class of
 * service, rate limits, parity attentions, management firmware.
 */
package dev.npa.sim.nic.broadcom;
