package dev.npa.shell.runtime.offload;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;

/**
 * One packet at a time that its carrier does not take as it is: makes pieces of it, in buffers of their own, that the
 * carrier takes. A TSO packet becomes smaller TSO packets or finished frames, any other a single frame.
 *
 * <p>Pieces are made as far as there are buffers, and the packet remembers how far they got. When the carrier changes,
 * {@link #rewind} takes back those that were not offered, and the rest is made anew by the new carrier's limits.
 */
public final class SoftwareTransmit {

    /** Pieces at a time. */
    private static final int BATCH = 64;
    private static final int MOST_SEGMENTS = 64;
    private static final int MOST_HEADERS = 1024;

    private final PacketPool pool;
    private final PhysicalMemory memory;
    private final PacketBurst packet = new PacketBurst(MOST_SEGMENTS);
    private final PacketBurst pieces = new PacketBurst(BATCH);
    /** Where in the payload each piece begins, by its first entry. */
    private final int[] startOf = new int[BATCH];
    private final PieceHeader header = new PieceHeader(MOST_HEADERS);
    private int offered;
    private int headerBytes;
    private int payload;
    private int made;
    private boolean active;

    public SoftwareTransmit(PacketPool pool) {
        this.pool = pool;
        this.memory = pool.memory();
    }

    /** Begins with a packet; the one before is finished. */
    public void begin(PacketBurst burst, int at, int end) {
        packet.clear();
        pieces.clear();
        offered = 0;
        made = 0;
        for (int i = at; i < end; i++) {
            packet.addFrom(burst, i);
        }
        headerBytes = header.read(memory, packet);
        payload = packet.packetLength(0) - headerBytes;
        active = true;
    }

    /** Whether a packet is in work. */
    public boolean isActive() {
        return active;
    }

    /** The packet in work, or the last one; its handles are to be completed. */
    public PacketBurst packet() {
        return packet;
    }

    /** Pieces that are ready, from {@link #offered} on. */
    public PacketBurst pieces() {
        return pieces;
    }

    /** First piece that the carrier has not taken. */
    public int offered() {
        return offered;
    }

    /** The carrier took the pieces up to this entry. */
    public void offered(int index) {
        offered = index;
    }

    /** Whether no piece waits and none is left to make. Ends the work on the packet. */
    public boolean finish() {
        if (active && offered == pieces.size() && isAllMade()) {
            active = false;
        }
        return !active;
    }

    private boolean isAllMade() {
        return made == payload && (payload > 0 || pieces.size() > 0);
    }

    /** Whether the last of the pieces that are ready is the packet's last. */
    public boolean endsHere() {
        return isAllMade();
    }

    /** Takes back the pieces that were not offered. */
    public void rewind() {
        if (active && offered < pieces.size()) {
            made = startOf[offered];
            for (int i = offered; i < pieces.size(); i++) {
                pool.free(pieces.handle(i), PacketPool.STACK);
            }
            pieces.truncate(offered);
        }
    }

    /**
     * Makes pieces when none are ready.
     *
     * @return packets made by this call; 0 with nothing ready means that buffers are short
     */
    public int make(TxLimits limits) {
        if (offered < pieces.size() || isAllMade()) {
            return 0;
        }
        pieces.clear();
        offered = 0;
        int count = 0;
        do {
            int bytes = nextBytes(limits);
            int length = headerBytes + header.tagBytes(limits) + bytes;
            int buffers = (Math.max(length, limits.minFrame()) + PacketPool.CAPACITY - 1) / PacketPool.CAPACITY;
            if (buffers > pieces.room() || buffers > pool.available()) {
                break;
            }
            build(limits, bytes);
            made += bytes;
            count++;
        } while (made < payload);
        return count;
    }

    /** Payload bytes of the next piece. */
    private int nextBytes(TxLimits limits) {
        int left = payload - made;
        if (!header.isTso()) {
            return left;
        }
        int mss = header.mss();
        if (left > mss && header.leavesCutting(limits)) {
            int most = Math.min(limits.maxTsoBytes(), limits.maxSegments() * PacketPool.CAPACITY) - headerBytes
                    - header.tagBytes(limits);
            int whole = most / mss * mss;
            if (whole > mss) {
                return Math.min(left, whole);
            }
        }
        return Math.min(left, mss);
    }

    private void build(TxLimits limits, int bytes) {
        int first = pieces.size();
        startOf[first] = made;
        boolean cut = bytes > header.mss() && header.isTso();
        int length = header.prepare(limits, made, bytes, cut, made + bytes == payload);
        long address = take(0);
        memory.copyFrom(address, header.bytes(), 0, length);
        int total = length + bytes;
        copyPayload(first, length, bytes);
        if (total < limits.minFrame()) {
            memory.fill(address + total, limits.minFrame() - total, (byte) 0);
            pieces.length(first, limits.minFrame());
        }
        int l4 = header.checksumStart();
        if (l4 >= 0 && !cut) {
            memory.putShort(address + header.checksumField(), Short.reverseBytes((short) header.finish(
                    sum(first, l4, header.checksumEnd(total) - l4))));
        }
        close(first, Math.max(total, limits.minFrame()), cut);
    }

    private void close(int first, int total, boolean cut) {
        int last = pieces.size() - 1;
        pieces.flags(first, PacketFlags.SOP | header.flagsLeft(cut));
        pieces.flags(last, pieces.flags(last) | PacketFlags.EOP);
        pieces.packetLength(first, total);
        pieces.offload(first, header.offloadLeft(cut));
    }

    private long take(int length) {
        int handle = pool.take(PacketPool.STACK);
        long address = pool.address(handle);
        pieces.add(address, handle, length, 0);
        return address;
    }

    /** Copies payload behind the headers of the piece whose first buffer is there already. */
    private void copyPayload(int first, int headers, int bytes) {
        int source = 0;
        int skip = headerBytes + made;
        while (skip >= packet.length(source) && source + 1 < packet.size()) {
            skip -= packet.length(source++);
        }
        int at = headers;
        int entry = first;
        int left = bytes;
        while (left > 0) {
            if (at == PacketPool.CAPACITY) {
                pieces.length(entry, at);
                take(0);
                entry++;
                at = 0;
            }
            if (skip == packet.length(source)) {
                source++;
                skip = 0;
                continue;
            }
            int part = Math.min(left, Math.min(PacketPool.CAPACITY - at, packet.length(source) - skip));
            memory.copy(packet.address(source) + skip, pieces.address(entry) + at, part);
            at += part;
            skip += part;
            left -= part;
        }
        pieces.length(entry, at);
    }

    /** Sum over a piece from an offset on. */
    private int sum(int first, int from, int length) {
        int sum = 0;
        int skip = from;
        int done = 0;
        for (int i = first; i < pieces.size() && done < length; i++) {
            int part = Math.min(pieces.length(i) - skip, length - done);
            sum = Checksum.add(sum, Checksum.sum(memory, pieces.address(i) + skip, part), (done & 1) != 0);
            done += part;
            skip = 0;
        }
        return sum;
    }

    /** Frees the pieces that were not offered, and forgets the packet, whose buffers are the caller's to free. */
    public void close() {
        rewind();
        active = false;
    }
}
