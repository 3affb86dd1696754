package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.IommuDomain;

/** Rings in words, for people: BDs of a transmit ring, CQEs of a receive queue. Reads without the risk of a fault. */
final class RingDump {

    private static final int AROUND = 4;

    private RingDump() {
    }

    static String describe(Path path, Func f, int queue, boolean transmit) {
        StringBuilder text = new StringBuilder();
        Client c = path.connections[f.id * Path.WINDOW + queue];
        text.append(transmit ? "Tx" : "Rx").append(" queue ").append(queue).append(" of ").append(f.name());
        if (c == null) {
            return text.append(" disabled\n").toString();
        }
        text.append(" client ").append(c.id).append(' ').append(c.state());
        if (transmit) {
            transmit(text, c);
        } else {
            receive(text, c.rx);
        }
        return text.toString();
    }

    private static void transmit(StringBuilder text, Client c) {
        TxQueue q = c.tx;
        int producer = q.producer();
        text.append(" BDs ").append(q.bds.entries()).append(" consumer ").append(q.bds.consumer()).append(" producer ")
                .append(producer).append(" packets ").append(q.packets).append('\n');
        int left = 0; // BDs of the packet that are still to come
        boolean parse = false;
        int i = q.bds.consumer();
        for (int n = 0; q.bds.entries() > 0 && i != producer && n < 4 * AROUND; n++) {
            i = q.bds.settle(i);
            long at = q.bds.address(i);
            text.append("  ").append(i).append(' ');
            if (!readable(q.port, at, 16)) {
                text.append("not mapped\n");
                return;
            }
            long q0 = q.port.domain().memory().getLong(at);
            long q1 = q.port.domain().memory().getLong(at + 8);
            if (left == 0) {
                text.append(TxBd.describeStart(q0, q1));
                left = Math.max(1, TxBd.nbd(q1)) - 1;
                parse = true;
            } else {
                text.append(parse ? TxBd.describeParse(q1) : TxBd.describeData(q0, q1));
                parse = false;
                left--;
            }
            text.append('\n');
            i = i + 1 & 0xFFFF;
        }
    }

    private static void receive(StringBuilder text, RxQueue q) {
        text.append(" CQEs ").append(q.cqes.entries()).append(" consumer ").append(q.cqes.consumer())
                .append(" producer ").append(q.cqeProducer()).append(" BDs ").append(q.bds.entries())
                .append(" consumer ").append(q.bds.consumer()).append(" producer ").append(q.bdProducer())
                .append('\n');
        for (int n = AROUND; q.cqes.entries() > 0 && n > 0; n--) {
            int i = q.cqes.consumer() - n & 0xFFFF;
            long at = q.cqes.address(i);
            if (q.cqes.settle(i) == i && readable(q.port, at, Cqe.SIZE)) {
                text.append("  ").append(i).append(' ').append(Cqe.describe(q.port.domain().memory().getLong(at),
                        q.port.domain().memory().getLong(at + 8), q.port.domain().memory().getInt(at + 60)))
                        .append('\n');
            }
        }
    }

    private static boolean readable(DmaPort port, long address, int length) {
        return port.domain() != null && port.domain().permits(address, length, IommuDomain.READ);
    }
}
