package dev.npa.shell.runtime.netdev;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketBurst;

/**
 * The guest's network device as its operating system sees it: the same whatever carries it. Every transmit request of
 * {@link dev.npa.shell.PacketFlags} is met, by the NIC or in software; see the package's description for the rules.
 */
public interface NetDevice {

    /** Most queue pairs. */
    int MAX_QUEUES = 8;
    /** Most segments of a transmit packet. */
    int MAX_SEGMENTS = 64;
    /** Room that a receive burst needs for the largest packet, one that was merged. */
    int RECEIVE_SEGMENTS = 34;

    MacAddress mac();

    /** Largest payload of a frame in bytes. */
    int mtu();

    /** Queue pairs, 1..{@value #MAX_QUEUES}; constant. */
    int queues();

    /** State of the link of whatever carries the device now. */
    LinkState link();

    /** Where transmit buffers come from and received ones go back to. */
    NetBuffers buffers();

    /**
     * Transmits packets of buffers that the operating system holds. Takes whole packets from the front; what is taken
     * is the device's until {@link #reclaim} returns its handles, what is not taken is untouched. After a call that
     * took less than it was offered {@link DeviceEvents#transmitReady} says when to try again.
     *
     * @param burst packets; the packet length of each first entry is set
     * @return index one past the last entry taken
     */
    int transmit(int queue, PacketBurst burst, int from, int to);

    /**
     * Collects completions: appends handle and flags of each segment of a packet that is done with, whole packets only.
     * {@link dev.npa.shell.PacketFlags#ABORTED} = not sent. The buffers are the operating system's again. In the order
     * of transmission, except for what was refused or lost.
     *
     * @param budget most packets
     * @return packets completed
     */
    int reclaim(int queue, PacketBurst done, int budget);

    /**
     * Receives packets; their buffers become the operating system's. A packet's data need not begin where its first
     * buffer begins.
     *
     * @param into burst to append to, with room for {@link #RECEIVE_SEGMENTS} entries or nothing may come
     * @param budget most packets
     * @return packets appended; {@code budget} means that more may wait
     */
    int receive(int queue, PacketBurst into, int budget);

    /**
     * Polling of this queue is over for now: lets its interrupt come again. What arrived in the meantime raises
     * {@link DeviceEvents#interrupt} at once, possibly within this call.
     */
    void enableInterrupt(int queue);

    /** Spreads received packets in another way from now on; null = as the NIC likes, hashes mean nothing. */
    void rss(RssConfig config);

    /** The configuration in force; null if none is. */
    RssConfig rss();

    DeviceStatistics statistics();
}
