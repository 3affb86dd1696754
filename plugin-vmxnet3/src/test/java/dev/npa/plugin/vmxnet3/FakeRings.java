package dev.npa.plugin.vmxnet3;

import dev.npa.hw.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/** The device's half of one queue pair: walks rings in memory by generation bits, one packet a call. */
final class FakeRings {

    /** A packet as its descriptors say. */
    record Sent(List<Long> addresses, List<Integer> lengths, int d2, int d3, int lastSlot, boolean cq) {}

    private final PhysicalMemory memory;
    private final int queue;
    private final int rxQueues;
    private Cursor tx;
    private Cursor txComp;
    private final Cursor[] rx = new Cursor[2];
    private Cursor rxComp;
    /** Set to 3 or 4 for devices that tell the completion's type. */
    int completionType = 3;
    /** Set for a device that completes packets without CQ too. */
    boolean completesAll;

    FakeRings(PhysicalMemory memory, int queue, int rxQueues, long txDesc, long rxDesc) {
        this.memory = memory;
        this.queue = queue;
        this.rxQueues = rxQueues;
        if (txDesc != 0) {
            tx = cursor(txDesc, 0x10, 0x38);
            txComp = cursor(txDesc, 0x20, 0x40);
        }
        if (rxDesc != 0) {
            rx[0] = cursor(rxDesc, 0x10, 0x38);
            rx[1] = cursor(rxDesc, 0x18, 0x3C);
            rxComp = cursor(rxDesc, 0x20, 0x40);
        }
    }

    private Cursor cursor(long descriptor, int base, int size) {
        return new Cursor(memory.getLong(descriptor + base), memory.getInt(descriptor + size));
    }

    /** Takes the next packet off the transmit ring; null when the driver has published none. */
    Sent fetch() {
        if ((memory.getIntAcquire(tx.at() + 8) >>> 14 & 1) != tx.gen) {
            return null;
        }
        int d2 = memory.getInt(tx.at() + 8);
        int d3 = memory.getInt(tx.at() + 12);
        List<Long> addresses = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        while (true) {
            int w2 = memory.getInt(tx.at() + 8);
            int w3 = memory.getInt(tx.at() + 12);
            if ((w2 >>> 14 & 1) != tx.gen) {
                throw new AssertionError("slot " + tx.index + " inside a published packet is not the device's");
            }
            addresses.add(memory.getLong(tx.at()));
            lengths.add((w2 & 0x3FFF) == 0 ? 16384 : w2 & 0x3FFF);
            int slot = tx.index;
            tx.step();
            if ((w3 >>> 12 & 1) != 0) {
                return new Sent(addresses, lengths, d2, d3, slot, (w3 >>> 13 & 1) != 0);
            }
        }
    }

    /** Writes the completion of a packet, and of all before it. */
    void complete(Sent packet) {
        memory.putInt(txComp.at(), packet.lastSlot);
        memory.putIntRelease(txComp.at() + 12, txComp.gen << 31);
        txComp.step();
    }

    /** Fetches everything and completes what asks for it, as devices do; or every packet, as some do (fact sheet §15). */
    List<Sent> sendAll() {
        List<Sent> all = new ArrayList<>();
        for (Sent packet = fetch(); packet != null; packet = fetch()) {
            all.add(packet);
            if (packet.cq || completesAll) {
                complete(packet);
            }
        }
        return all;
    }

    /** Receives a frame without offload results; false when there is no HEAD. */
    boolean receive(byte[] frame) {
        return receive(frame, 1 << 30, 0, 0, 0, 64);
    }

    /**
     * Receives a frame. {@code d0}, {@code d1}, {@code d2}, {@code d3} are merged into the last completion, {@code d1}
     * and the low half of {@code d3} into the first as well.
     */
    boolean receive(byte[] frame, int d0, int d1, int d2, int d3, int maxBuffers) {
        while (rx[0].owned() && rx[0].isBody()) {
            rx[0].step();
        }
        if (!rx[0].owned()) {
            return false;
        }
        int done = 0;
        int buffers = 0;
        int ring = 0;
        do {
            Cursor from = rx[ring];
            int length = Math.min(memory.getInt(from.at() + 8) & 0x3FFF, frame.length - done);
            memory.copyFrom(memory.getLong(from.at()), frame, done, length);
            int slot = from.index;
            from.step();
            done += length;
            buffers++;
            int nextRing = rx[0].owned() && rx[0].isBody() ? 0 : 1;
            boolean more = done < frame.length;
            boolean stuck = more && (buffers == maxBuffers || !rx[nextRing].owned());
            int sop = buffers == 1 ? 1 << 15 : 0;
            int w0 = slot | (queue + ring * rxQueues) << 16 | sop;
            if (more && !stuck) {
                completion(w0, sop != 0 ? d1 : 0, length, d3 & 0xFFFF);
            } else {
                completion(w0 | 1 << 14 | d0, d1, length | d2 | (stuck ? 1 << 14 : 0), d3);
                return true;
            }
            ring = nextRing;
        } while (true);
    }

    /** Writes a receive completion; dword 3 without type and generation, last. */
    void completion(int d0, int d1, int d2, int d3) {
        memory.putInt(rxComp.at(), d0);
        memory.putInt(rxComp.at() + 4, d1);
        memory.putInt(rxComp.at() + 8, d2);
        memory.putIntRelease(rxComp.at() + 12, d3 & 0xFFFFFF | completionType << 24 | rxComp.gen << 31);
        rxComp.step();
    }

    /** Descriptors of ring 0 or 1 that the device owns. */
    int owned(int ring) {
        Cursor c = new Cursor(rx[ring].base, rx[ring].size);
        c.index = rx[ring].index;
        c.gen = rx[ring].gen;
        int n = 0;
        while (n < c.size && c.owned()) {
            c.step();
            n++;
        }
        return n;
    }

    long txRingBase() {
        return tx.base;
    }

    long rxRingBase(int ring) {
        return rx[ring].base;
    }

    private final class Cursor {
        final long base;
        final int size;
        int index;
        int gen = 1;

        Cursor(long base, int size) {
            this.base = base;
            this.size = size;
        }

        long at() {
            return base + 16L * index;
        }

        void step() {
            if (++index == size) {
                index = 0;
                gen ^= 1;
            }
        }

        boolean owned() {
            return memory.getIntAcquire(at() + 8) >>> 31 == gen;
        }

        boolean isBody() {
            return (memory.getInt(at() + 8) >>> 14 & 1) != 0;
        }
    }
}
