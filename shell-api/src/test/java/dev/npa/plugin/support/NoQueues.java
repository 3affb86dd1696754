package dev.npa.plugin.support;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;

/** Queues that are told apart and never used. */
final class NoQueues {

    private NoQueues() {}

    static final class Tx implements TxQueue {
        @Override
        public int transmit(PacketBurst burst, int from, int to) {
            throw new AssertionError("not to be used");
        }

        @Override
        public int reclaim(int budget) {
            throw new AssertionError("not to be used");
        }

        @Override
        public int outstanding() {
            return 0;
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }
    }

    static final class Rx implements RxQueue {
        @Override
        public int receive(PacketBurst into, int budget) {
            throw new AssertionError("not to be used");
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }
    }
}
