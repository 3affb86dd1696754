/**
 * Traffic for scenarios and its exact account: the device side of the workload channel, stations that send and receive
 * frames, replay of captures, generated flows, and the judgement of what was lost, duplicated, reordered or corrupted.
 *
 * <p><b>Who calls.</b> A scenario makes a {@link dev.npa.sim.traffic.Traffic}, gives its stations to the scheduler as
 * components, and starts, stops and reads the flows from a control thread. Preparing a flow (reading a capture,
 * rewriting, generating) allocates; sending and receiving does not.
 *
 * <p><b>Threading.</b> A station is run by one thread at a time. Two stations of one flow may run on different threads;
 * the {@link dev.npa.sim.traffic.FrameAccount} between them has one sending and one receiving thread.
 */
package dev.npa.sim.traffic;
