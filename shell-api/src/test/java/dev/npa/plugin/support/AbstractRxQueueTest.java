package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import org.junit.jupiter.api.Test;

class AbstractRxQueueTest {

    /** Packets of two buffers each wait. */
    private static final class Queue extends AbstractRxQueue {
        int waiting;
        int refills;

        @Override
        protected void harvest(PacketBurst into, long goal) {
            for (; waiting > 0 && counts.packets < goal; waiting--) {
                int first = into.add(0, 0, 2048, 0);
                into.add(0, 1, 52, 0);
                seal(into, first, PacketFlags.RX_IPV4, PacketBurst.rxOffload(0x1234, 7), 2100);
            }
        }

        @Override
        protected void refill() {
            refills++;
        }
    }

    private final Queue queue = new Queue();
    private final PacketBurst burst = new PacketBurst(16);

    @Test
    void budgetCountsPacketsOfOneCall() {
        queue.waiting = 5;
        assertEquals(2, queue.receive(burst, 2));
        assertEquals(2, queue.receive(burst, 2));
        assertEquals(1, queue.receive(burst, 2));
        assertEquals(5, queue.counter(QueueCounter.PACKETS));
        assertEquals(5 * 2100, queue.counter(QueueCounter.BYTES));
    }

    @Test
    void resultsAreInThePacketsFirstEntryAndItsEndInItsLast() {
        queue.waiting = 2;
        queue.receive(burst, 2);
        assertEquals(PacketFlags.SOP | PacketFlags.RX_IPV4, burst.flags(2));
        assertEquals(PacketFlags.EOP, burst.flags(3));
        assertEquals(2100, burst.packetLength(2));
        assertEquals(PacketBurst.rxOffload(0x1234, 7), burst.offload(2));
    }

    @Test
    void aPacketOfOneBufferIsWhole() {
        burst.add(0, 0, 60, 0);
        queue.seal(burst, 0, 0, 0, 60);
        assertEquals(PacketFlags.WHOLE, burst.flags(0));
    }

    @Test
    void buffersArePostedFromTheBeginningToTheLastCallBeforeRest() {
        queue.receive(burst, 1);
        assertEquals(0, queue.refills, "not set up");
        queue.begin();
        queue.receive(burst, 1);
        assertEquals(2, queue.refills);
        queue.stopRefill();
        queue.receive(burst, 1);
        assertEquals(2, queue.refills);
    }
}
