package dev.npa.sim.nic.intel;

/** A driver's receive ring in a test. Buffers stay where they are; {@link #next} takes the oldest descriptor. */
public final class RxRing {

    private static final int VME = 1 << 30;

    public final Guest guest;
    public final int block;
    public final int size;
    public final long base;
    public final int bufferBytes;
    private final long buffers;
    private int tail;
    private int head;

    /** Words of the descriptor that {@link #next} took. */
    public long q0;
    public long q1;

    public RxRing(Guest guest, int block, int srrctlAt, int size, int kilobytes, int srrctl) {
        this.guest = guest;
        this.block = block;
        this.size = size;
        this.bufferBytes = 1024 * kilobytes;
        this.base = guest.allocate(16 * size);
        this.buffers = guest.allocate(bufferBytes * size);
        guest.csr.write32(block, (int) base);
        guest.csr.write32(block + 4, 0);
        guest.csr.write32(block + 8, 16 * size);
        guest.csr.write32(block + srrctlAt, kilobytes | 4 << 8 | 1 << 25 | srrctl);
        guest.csr.write32(block + 0x28, 1 << 25);
    }

    /** VLAN stripping on, in an 82599. */
    public RxRing strip() {
        guest.csr.write32(block + 0x28, 1 << 25 | VME);
        return this;
    }

    public void post(int count) {
        for (int i = 0; i < count; i++) {
            guest.memory.putLong(base + 16L * tail, buffers + (long) tail * bufferBytes);
            guest.memory.putLong(base + 16L * tail + 8, 0);
            tail = (tail + 1) % size;
        }
        guest.csr.write32(block + 0x18, tail);
    }

    /** Bytes of the next descriptor that is done, or null; {@link #q0} and {@link #q1} have its words. */
    public byte[] next() {
        q1 = guest.memory.getLong(base + 16L * head + 8);
        if ((q1 & 1) == 0) {
            return null;
        }
        q0 = guest.memory.getLong(base + 16L * head);
        byte[] bytes = new byte[(int) (q1 >>> 32) & 0xFFFF];
        guest.memory.copyTo(buffers + (long) head * bufferBytes, bytes, 0, bytes.length);
        guest.memory.putLong(base + 16L * head + 8, 0);
        head = (head + 1) % size;
        return bytes;
    }

    public boolean looped() {
        return (q1 & 1 << 18) != 0;
    }
}
