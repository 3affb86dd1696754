/**
 * Guest-physical memory as the shell hands it out: the allocator and the pool of packet buffers.
 *
 * <p>Everything here belongs to one guest and is used on its first virtual CPU only; nothing is thread-safe.
 */
package dev.npa.shell.runtime.memory;
