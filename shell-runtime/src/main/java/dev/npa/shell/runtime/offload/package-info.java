/**
 * What NICs do for a network stack, in software: cutting and checksums on transmit, hashes and tags on receive. Used
 * where a carrier cannot do it, so that the operating system sees the same device everywhere.
 *
 * <p>All of it works on packet buffers in guest memory, allocates nothing per packet and never writes to a buffer of
 * the operating system: what has to be changed is copied first. Header fields are big-endian, as on the wire.
 */
package dev.npa.shell.runtime.offload;
