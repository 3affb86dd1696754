package dev.npa.sim.nic.broadcom;

import dev.npa.hw.RegisterWindow;
import java.util.ArrayList;
import java.util.List;

/** A driver's end of one queue pair: page chains, status block, producers, doorbell. Indices count links. */
final class Queue {

    final Guest guest;
    final int client;
    final int buffer;
    final long tx;
    final long rx;
    final long cq;
    final long sge;
    final long sb;
    final int txPages;
    final int rxPages;
    final int cqPages;
    final int sgePages;
    private final RegisterWindow producers;
    private final int producersAt;
    private final RegisterWindow bell;
    private final int bellAt;
    final int ackAt;
    final List<Long> sgeBuffers = new ArrayList<>();
    private final long[] bufferOf;
    int txProd;
    int bdProd;
    int bdCons;
    int cqProd;
    int cqCons;
    int sgeProd;
    boolean masked;

    Queue(Guest guest, QueueSpec s, RegisterWindow producers, int producersAt, RegisterWindow bell, int bellAt,
            int ackAt) {
        this.guest = guest;
        this.client = s.client();
        this.buffer = s.bufferSize;
        this.txPages = s.txPages;
        this.rxPages = s.rxPages;
        this.cqPages = s.cqePages;
        this.sgePages = s.sgePages;
        this.producers = producers;
        this.producersAt = producersAt;
        this.bell = bell;
        this.bellAt = bellAt;
        this.ackAt = ackAt;
        tx = chain(txPages, 255 * 16);
        rx = chain(rxPages, 510 * 8);
        cq = chain(cqPages, 63 * 64);
        sge = sgePages == 0 ? 0 : chain(sgePages, 510 * 8);
        sb = guest.allocate(64);
        bufferOf = new long[512 * rxPages];
        for (int i = 0; i < 64 * cqPages; i++) {
            guest.memory.putInt(cqe(i) + 60, -1);
        }
        s.data.putLong(16 + 24, rx).putLong(16 + 32, sge).putLong(16 + 40, cq).putLong(96 + 8, tx)
                .putShort(16 + 18, (short) buffer);
    }

    /** Pages far from each other, so that only links lead from one to the next. */
    private long chain(int pages, int link) {
        long[] at = new long[pages];
        for (int i = pages - 1; i >= 0; i--) {
            at[i] = guest.allocate(8192);
        }
        for (int i = 0; i < pages; i++) {
            guest.memory.putLong(at[i] + link, at[(i + 1) % pages]);
        }
        return at[0];
    }

    private long element(long base, int link, int perPage, int bytes, int index) {
        long page = base;
        for (int i = index / perPage; i > 0; i--) {
            page = guest.memory.getLong(page + link);
        }
        return page + (long) (index % perPage) * bytes;
    }

    long bd(int index) {
        return element(tx, 255 * 16, 256, 16, index % (256 * txPages));
    }

    long rxBd(int index) {
        return element(rx, 510 * 8, 512, 8, index % (512 * rxPages));
    }

    long cqe(int index) {
        return element(cq, 63 * 64, 64, 64, index % (64 * cqPages));
    }

    private static int next(int index, int perPage, int links) {
        int n = index + 1;
        return (n & 0xFFFF & perPage - 1) == perPage - links ? n + links & 0xFFFF : n & 0xFFFF;
    }

    /** Posts buffers with as many CQEs and writes the producers. */
    Queue post(int buffers) {
        for (int i = 0; i < buffers; i++) {
            long at = guest.allocate(buffer);
            bufferOf[bdProd % bufferOf.length] = at;
            guest.memory.putLong(rxBd(bdProd), at);
            bdProd = next(bdProd, 512, 2);
            cqProd = next(cqProd, 64, 1);
        }
        return update();
    }

    /** Posts a used buffer and a CQE again. */
    void repost(long address) {
        bufferOf[bdProd % bufferOf.length] = address;
        guest.memory.putLong(rxBd(bdProd), address);
        bdProd = next(bdProd, 512, 2);
        cqProd = next(cqProd, 64, 1);
        update();
    }

    Queue cqes(int n) {
        for (int i = 0; i < n; i++) {
            cqProd = next(cqProd, 64, 1);
        }
        return update();
    }

    Queue postSges(int n, int bytes) {
        for (int i = 0; i < n; i++) {
            long at = guest.allocate(bytes);
            while (sgeBuffers.size() <= sgeProd) {
                sgeBuffers.add(0L);
            }
            sgeBuffers.set(sgeProd, at);
            guest.memory.putLong(element(sge, 510 * 8, 512, 8, sgeProd % (512 * sgePages)), at);
            sgeProd = next(sgeProd, 512, 2);
        }
        producers.write32(producersAt + 4, sgeProd);
        return this;
    }

    Queue update() {
        int bd = masked ? bdProd & 512 * rxPages - 1 : bdProd;
        producers.write32(producersAt, cqProd & 0xFFFF | bd << 16);
        return this;
    }

    /** The next CQE's 64 bytes if its marker was written, or null. */
    byte[] nextCqe() {
        if ((cqCons & 63) == 63) {
            cqCons = cqCons + 1 & 0xFFFF;
        }
        long at = cqe(cqCons);
        if (guest.memory.getInt(at + 60) != 0) {
            return null;
        }
        byte[] bytes = guest.get(at, 64);
        guest.memory.putInt(at + 60, -1);
        cqCons = cqCons + 1 & 0xFFFF;
        return bytes;
    }

    /** The frame of the next fast-path CQE, or null. */
    byte[] nextFrame() {
        byte[] cqe = nextCqe();
        return cqe == null ? null : frame(cqe);
    }

    /** The frame of a fast-path CQE, from its BD and SGEs. */
    byte[] frame(byte[] cqe) {
        byte[] frame = new byte[word(cqe, 10)];
        int onBd = word(cqe, 12);
        long address = takeBuffer();
        System.arraycopy(guest.get(address + cqe[3], onBd), 0, frame, 0, onBd);
        gather(cqe, frame, onBd);
        return frame;
    }

    /** Payload from the SGEs that a CQE lists. */
    void gather(byte[] cqe, byte[] frame, int from) {
        for (int at = from, i = 0; at < frame.length; i++) {
            int chunk = Math.min(2048, frame.length - at);
            System.arraycopy(guest.get(sgeBuffers.get(word(cqe, 16 + 2 * i)), chunk), 0, frame, at, chunk);
            at += chunk;
        }
    }

    /** The buffer of the oldest BD. */
    long takeBuffer() {
        if ((bdCons & 511) >= 510) {
            bdCons = bdCons + 2 & 0xFFFF;
        }
        long at = bufferOf[bdCons % bufferOf.length];
        bdCons = bdCons + 1 & 0xFFFF;
        return at;
    }

    static int word(byte[] b, int at) {
        return b[at] & 0xFF | (b[at + 1] & 0xFF) << 8;
    }

    /** Value of an index of the status block. */
    int index(int i) {
        return guest.memory.getShort(sb + 2 * i) & 0xFFFF;
    }

    int running() {
        return guest.memory.getShort(sb + 16) & 0xFFFF;
    }

    void ack(int word) {
        guest.function.bar(0).write32(ackAt, word);
    }

    /** Writes the BDs of a packet, two longs each, without ringing. */
    void bds(long... longs) {
        for (int i = 0; i < longs.length; i += 2) {
            if ((txProd & 255) == 255) {
                txProd = txProd + 1 & 0xFFFF;
            }
            guest.memory.putLong(bd(txProd), longs[i]);
            guest.memory.putLong(bd(txProd) + 8, longs[i + 1]);
            txProd = txProd + 1 & 0xFFFF;
        }
        if ((txProd & 255) == 255) {
            txProd = txProd + 1 & 0xFFFF;
        }
    }

    void ring() {
        bell.write32(bellAt, 0x02 | txProd << 16);
    }

    /** Sends a frame as start and parse BD. */
    void send(byte[] frame) {
        send(new Packet(frame));
    }

    void send(Packet p) {
        bds(p.build(guest));
        ring();
    }
}
