package dev.npa.plugin;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * One data path over one device. States and allowed calls: {@link PluginLifecycle}. All waits are bounded: a control
 * call returns or throws within 2 s of the shell's clock, and a data path that is asked to quiesce is at rest within 2 s.
 */
@ConsumerType
public interface Plugin {

    /** What the device and this plugin can do; constant, allowed in every state but RELEASED. */
    PluginCapabilities capabilities();

    /**
     * Resets the device, allocates rings, takes no packet buffers, enables nothing.
     *
     * @throws PluginException if the configuration exceeds the capabilities or the device does not answer; whatever was
     *     allocated before the failure is freed
     */
    void configure(PluginConfig config);

    /**
     * Enables the queues and posts receive buffers. Frames flow from here on. Interrupts stay masked until
     * {@link #enableInterrupt}. After {@link #stop} the plugin can be started again.
     */
    void start();

    /**
     * Brings the data path to rest: the device takes no more receive buffers and sends what it was given. The shell
     * calls again, receiving and reclaiming in between, until the answer is true. Transmit is not called in the
     * meantime.
     *
     * @return true once the device owns no transmit packet and writes to no buffer any more
     */
    boolean quiesce();

    /**
     * Disables all queues and interrupts. When it returns, the device does no DMA. Receive buffers in the rings are
     * given back; transmit packets in flight are reported as not sent by the next {@link TxQueue#reclaim}.
     */
    void stop();

    /** Frees everything. Idempotent; allowed in every state, also FAULTED, and throws nothing. */
    void close();

    /**
     * A configured transmit queue.
     *
     * @param index 0..txQueues-1
     */
    TxQueue txQueue(int index);

    /**
     * A configured receive queue.
     *
     * @param index 0..rxQueues-1
     */
    RxQueue rxQueue(int index);

    /**
     * Reads a counter of the device itself, extended to 64 bits. The shell reads each at least once in 10 s, so that a
     * wrap of a 32-bit register is not missed. Allowed once configured, until RELEASED; called by one thread at a time,
     * the queues may be in use meanwhile. Counts since the first {@link #configure} and over stop and start.
     */
    long counter(DeviceCounter counter);

    /**
     * Called by the shell's handler when a vector fired: masks it and acknowledges its cause.
     *
     * @return false if the device did not raise it (a spurious or shared interrupt)
     */
    boolean onInterrupt(int vector);

    /**
     * Unmasks a vector after polling. Work that arrived in the meantime raises it again at once: no wake-up is lost.
     */
    void enableInterrupt(int vector);

    /** Masks a vector. */
    void disableInterrupt(int vector);
}
