/**
 * PF driver of the Broadcom 57712: owns the physical function, enables virtual functions, runs ramrods for them, serves
 * their channel, and drives the uplink queues.
 *
 * <p><b>Layers.</b> {@code hsi} and {@code channel} are codecs. {@code SlowPath} posts ramrods and waits for their
 * completion on the event ring or on the leading queue; {@code Queue}, {@code ClientRules} and {@code Statistics} say
 * what to post; {@code VfControl}, {@code VfSwitching} and {@code ChannelService} do it for a VF, {@code UplinkFilters}
 * and {@code UplinkQueues} for the uplink.
 *
 * <p><b>Choices.</b> The leading client never carries a packet: its completion ring takes the completions of queue
 * ramrods, so that the uplink is served by the image's rings, which know packets only. Rules are of a VF's queue 0. A
 * VF may send from its first activation until its release; what opens and closes it are accept bits, while its address
 * rules stay, so that frames in its rings pass the spoof check when it is drained. Its client is closed before it gets
 * a rule to match, since the device sets up clients open to the port's own functions.
 *
 * <p><b>Decided for the simulation</b>, as no public source has the fact: the layout of the slow path's status block
 * and of the shared memory that holds the permanent address, the number of connections and blocks of a PF (those of
 * PF n begin at 4 + 4n, those of VFs at 20), the encoding of a final cleanup, the register that holds received frames,
 * the error byte of rule completions, and the layout of TPA_UPDATE.
 *
 * <p><b>Limits.</b> No transmit rate limit and no promiscuous VF: both are refused.
 *
 * <p><b>Threading.</b> One caller at a time, as {@link dev.npa.pf} says. Waits are bounded and stall the clock.
 *
 * <p>Section numbers in comments are those of the project's 57712 fact sheet.
 */
package dev.npa.pf.broadcom;
