/**
 * Headers and checksums of Ethernet frames that lie in direct buffers: what a device emulation needs for offloads.
 * Offsets are bytes from the start of the frame unless said otherwise; nothing allocates per frame, and a
 * buffer's position, limit and byte order do not matter.
 */
package dev.npa.sim.net.packet;
