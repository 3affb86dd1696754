package dev.npa.shell.runtime.instance;

/**
 * What the shell had to free because a plugin instance did not.
 *
 * @param transmitBuffers buffers of transmit packets
 * @param receiveBuffers buffers posted for receive
 * @param windows DMA windows
 * @param bytes bytes of these windows
 */
public record Census(int transmitBuffers, int receiveBuffers, int windows, long bytes) {

    /** Packet buffers of both kinds. */
    public int buffers() {
        return transmitBuffers + receiveBuffers;
    }

    /** Whether the instance had freed everything itself. */
    public boolean isEmpty() {
        return buffers() == 0 && windows == 0;
    }
}
