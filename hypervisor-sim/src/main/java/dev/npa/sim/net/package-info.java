/**
 * Frames on their way: queues of frames, wires, captures' taps, and the virtual switch with its ports and uplink.
 *
 * <p>Device models see {@link dev.npa.sim.net.Wire}, {@link dev.npa.sim.net.FrameFifo} and
 * {@link dev.npa.sim.net.FrameTap}; the rest is the hypervisor's. Nothing here drops a frame for lack of room: whoever
 * cannot take one says so, and it waits where it is.
 *
 * <p>Frames are Ethernet without preamble and FCS, in the order of the wire. The switch, its ports and its uplink
 * belong to one thread and to control calls that hold {@link dev.npa.sim.net.VirtualSwitch#lock()}.
 */
@Export
@Version("1.0.0")
package dev.npa.sim.net;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
