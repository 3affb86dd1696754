package dev.npa.sim.nic.intel;

import dev.npa.sim.machine.DmaPort;

/** Rings in words, for people. Reads descriptors without the risk of a DMA fault. */
final class RingDump {

    private static final int AROUND = 4;

    private RingDump() {
    }

    static String describe(IntelCore core, int queue, boolean transmit) {
        TxQueue tx = core.tx[queue];
        RxQueue rx = core.rx[queue];
        boolean enabled = transmit ? tx.enabled : rx.enabled;
        int size = transmit ? tx.size : rx.size;
        int head = transmit ? tx.head : rx.head;
        int tail = core.regs.getAcquire((transmit ? core.queueSlots.tdt : core.queueSlots.rdt) + queue);
        StringBuilder text = new StringBuilder();
        text.append(transmit ? "Tx" : "Rx").append(" queue ").append(queue).append(" of ")
                .append(core.functionName(core.functionOf(queue))).append(enabled ? " enabled" : " disabled")
                .append(" size ").append(size).append(" head ").append(head).append(" tail ").append(tail)
                .append('\n');
        if (enabled) {
            lines(text, transmit ? tx.port : rx.port, transmit ? tx.base : rx.base, size, head, tail, transmit);
        }
        return text.toString();
    }

    private static void lines(StringBuilder text, DmaPort port, long base, int size, int head, int tail,
            boolean transmit) {
        for (int i = 0; i < size; i++) {
            if (!near(i, head, size) && !near(i, tail, size)) {
                continue;
            }
            long at = base + 16L * i;
            text.append(i == head ? "H" : " ").append(i == tail ? "T" : " ").append(' ').append(i).append(' ');
            if (port.domain() == null || !port.domain().permits(at, 16, dev.npa.sim.machine.IommuDomain.READ)) {
                text.append("not mapped\n");
                continue;
            }
            long q0 = port.domain().memory().getLong(at);
            long q1 = port.domain().memory().getLong(at + 8);
            text.append(transmit ? AdvancedTxDescriptor.describe(q0, q1) : AdvancedRxDescriptor.describe(q0, q1))
                    .append('\n');
        }
    }

    private static boolean near(int i, int point, int size) {
        int distance = Math.floorMod(i - point + AROUND, size);
        return distance <= 2 * AROUND;
    }
}
