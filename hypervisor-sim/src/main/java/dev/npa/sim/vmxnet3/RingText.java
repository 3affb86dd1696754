package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaFault;

/** Rings as text for people: a line a descriptor around the device's position. */
final class RingText {

    private static final int BEFORE = 4;
    private static final int AFTER = 12;

    private RingText() {}

    static String transmit(GuestMemory memory, TxEmulation queue) {
        DriverShared.TxQueueConf conf = queue.conf();
        StringBuilder text = new StringBuilder(1024);
        text.append(String.format("tx ring of %d at 0x%x: device at %d, generation %d; %d packets not completed%s%n",
                conf.size(), conf.ring(), queue.next(), queue.gen(), queue.outstanding(), stopped(queue.error())));
        append(text, memory, conf.ring(), conf.size(), queue.next(), (word, line) -> {
            line.append(String.format("gen %d len %d%s", TxDescriptor.gen(word), TxDescriptor.length(word),
                    TxDescriptor.eop(word) ? " EOP" : ""));
            if (TxDescriptor.om(word) != TxDescriptor.OM_NONE) {
                line.append(String.format(" om %d hlen %d msscof %d", TxDescriptor.om(word), TxDescriptor.hlen(word),
                        TxDescriptor.msscof(word)));
            }
            if (TxDescriptor.insertTag(word)) {
                line.append(String.format(" tci %04x", TxDescriptor.tci(word) & 0xFFFF));
            }
        });
        return text.toString();
    }

    static String receive(GuestMemory memory, RxQueueEmulation queue) {
        DriverShared.RxQueueConf conf = queue.conf();
        StringBuilder text = new StringBuilder(2048);
        for (int r = 0; r < 2; r++) {
            RxCommandRing ring = queue.ring(r);
            if (ring.size() == 0) {
                continue;
            }
            long base = r == 0 ? conf.ring0() : conf.ring1();
            text.append(String.format("rx ring %d of %d at 0x%x: device at %d, generation %d%s%n", r, ring.size(), base,
                    ring.next(), ring.gen(), stopped(queue.error())));
            append(text, memory, base, ring.size(), ring.next(), (word, line) ->
                    line.append(String.format("gen %d len %d %s", RxDescriptor.gen(word & 0xFFFF_FFFFL),
                            RxDescriptor.length(word),
                            RxDescriptor.bufferType(word) == RxDescriptor.HEAD ? "HEAD" : "BODY")));
        }
        return text.toString();
    }

    private interface Line {
        void append(long word, StringBuilder line);
    }

    private static void append(StringBuilder text, GuestMemory memory, long base, int size, int next, Line line) {
        try {
            for (int i = -BEFORE; i < AFTER; i++) {
                int index = Math.floorMod(next + i, size);
                long at = base + (long) index * Vmxnet3Registers.DESCRIPTOR;
                text.append(String.format("%s %4d  addr 0x%010x ", i == 0 ? ">" : " ", index, memory.readLong(at)));
                line.append(memory.readLong(at + 8), text);
                text.append(System.lineSeparator());
            }
        } catch (DmaFault e) {
            text.append(e.getMessage());
        }
    }

    private static String stopped(int error) {
        return error == 0 ? "" : String.format("; stopped, error 0x%08x", error);
    }
}
