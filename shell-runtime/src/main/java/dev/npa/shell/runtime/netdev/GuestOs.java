package dev.npa.shell.runtime.netdev;

/**
 * An operating system's personality: what stands between its applications, the workload channel, and the network
 * device. Everything happens on the guest's first virtual CPU; no call waits.
 */
public interface GuestOs extends DeviceEvents, AutoCloseable {

    /** How it wants the device; asked once, before {@link #boot}. */
    DeviceSettings settings();

    /** The device is up. Events come from here on, the first ones already. */
    void boot(NetDevice device);

    /**
     * Does a round of work: polls queues that wait for it, moves packets both ways.
     *
     * @param budget most packets each way and queue
     * @return packets moved; 0 = nothing is to be done before the next interrupt
     */
    int run(int budget);

    /** Frees the buffers that it holds. Its device takes no more calls. The channel is not its to close. */
    @Override
    void close();
}
