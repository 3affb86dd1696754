package dev.npa.shell.runtime.core;

import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.QueueStatistics;

/** One receive queue of the operating system. */
final class RxLane {

    /** Packets that wait in software. */
    static final int ENTRIES = 64 * NetDevice.RECEIVE_SEGMENTS;

    final QueueStatistics statistics;
    final PacketFifo ready = new PacketFifo(ENTRIES);

    RxLane(QueueStatistics statistics) {
        this.statistics = statistics;
    }
}
