package dev.npa.plugin;

import dev.npa.hw.RegisterWindow;
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
     * Registers of a BAR.
     *
     * @return null if the device has none there
     */
    RegisterWindow bar(int index);

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
