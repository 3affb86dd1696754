package dev.npa.sim.nic.intel;

/** A driver's transmit ring in a test: puts descriptors, rings the doorbell, looks for DD. */
public final class TxRing {

    public static final long EOP = 1L << 24;
    public static final long IFCS = 1L << 25;
    public static final long RS = 1L << 27;
    public static final long DEXT = 1L << 29;
    public static final long VLE = 1L << 30;
    public static final long TSE = 1L << 31;
    public static final long CC = 1L << 39;
    public static final long IXSM = 1L << 40;
    public static final long TXSM = 1L << 41;
    private static final long DATA = 3L << 20 | DEXT;

    public final Guest guest;
    public final int block;
    public final int size;
    public final long base;
    private final long buffers;
    private int tail;

    public TxRing(Guest guest, int block, int size) {
        this.guest = guest;
        this.block = block;
        this.size = size;
        this.base = guest.allocate(16 * size);
        this.buffers = guest.allocate(16 * 1024 * 64);
        guest.csr.write32(block, (int) base);
        guest.csr.write32(block + 4, 0);
        guest.csr.write32(block + 8, 16 * size);
        guest.csr.write32(block + 0x28, 1 << 25 | 1 << 8 | 32);
    }

    /** Puts a descriptor without ringing the doorbell; returns its index. */
    public int put(long q0, long q1) {
        int at = tail;
        guest.memory.putLong(base + 16L * at, q0);
        guest.memory.putLong(base + 16L * at + 8, q1);
        tail = (tail + 1) % size;
        return at;
    }

    public void doorbell() {
        guest.csr.write32(block + 0x18, tail);
    }

    /** A context: MACLEN 14, and what the caller adds. */
    public int context(int slot, int vlan, int maclen, int iplen, long q1) {
        return put((long) vlan << 16 | maclen << 9 | iplen, 2L << 20 | DEXT | (long) slot << 36 | q1);
    }

    /** A frame in one buffer with a plain context before it; returns the index of the data descriptor. */
    public int frame(byte[] frame) {
        context(0, 0, 14, 20, 0);
        return data(frame, CC);
    }

    /** A frame in one buffer, with extra option bits, IFCS, RS and EOP. */
    public int data(byte[] frame, long options) {
        return part(frame, 0, frame.length, frame.length, options | EOP | RS);
    }

    /** One buffer of a packet. */
    public int part(byte[] bytes, int from, int count, int paylen, long options) {
        long at = buffers + 16 * 1024L * (tail & 63);
        guest.memory.copyFrom(at, bytes, from, count);
        return put(at, (long) paylen << 46 | DATA | IFCS | options | count);
    }

    /** Sends a frame and rings the doorbell. */
    public int send(byte[] frame) {
        int at = frame(frame);
        doorbell();
        return at;
    }

    public boolean done(int index) {
        return (guest.memory.getLong(base + 16L * index + 8) >>> 32 & 1) != 0;
    }

    public int head() {
        return guest.csr.read32(block + 0x10);
    }
}
