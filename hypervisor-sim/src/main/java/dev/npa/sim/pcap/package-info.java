/**
 * Capture files: reading of classic pcap and pcapng, writing of pcapng.
 *
 * <p>Frames are Ethernet without FCS. Times are nanoseconds. A reader takes a whole file into memory and answers bad
 * input with one sentence that names the file, the offset and what was expected there. A writer may be called by
 * several threads and allocates nothing for a frame.
 */
package dev.npa.sim.pcap;
