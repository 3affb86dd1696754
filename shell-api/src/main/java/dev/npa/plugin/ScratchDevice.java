package dev.npa.plugin;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A vendor's stand-in for its device, on memory that no hardware knows: it does what a driver can see the device do when
 * it is configured, sends and receives, and nothing else. It has queue pair 0, no interrupts, no wire.
 *
 * <p>A shell runs a second instance of a plugin over it before the first gets traffic, so that code which has just
 * arrived is compiled when it counts, and so that a plugin which cannot send or receive at all is found out while the
 * old data path still carries. Nothing passes between a scratch device and the real one.
 *
 * <p>Frames are not looked at. Receive results (hash, tag, checksums) are of a kind that the device would report, so that
 * their decoding is exercised. Called by one thread, the one that calls the plugin.
 */
@ConsumerType
public interface ScratchDevice {

    /**
     * Bytes of the registers in a BAR.
     *
     * @return 0 if the device has none there
     */
    int barBytes(int bar);

    /**
     * Reads a register.
     *
     * @param offset a multiple of 4 below {@link #barBytes}
     */
    int read32(int bar, int offset);

    /** Writes a register. Whatever the caller stored before is visible to the device. */
    void write32(int bar, int offset, int value);

    /**
     * Sends what is posted on transmit queue 0 and reports it as done.
     *
     * @param budget most packets
     * @return packets sent
     */
    int send(int budget);

    /**
     * Receives frames into the buffers posted on receive queue 0.
     *
     * @param frames how many, as far as there are buffers
     * @param length bytes of each; a frame longer than a buffer is scattered
     * @return frames received
     */
    int receive(int frames, int length);
}
