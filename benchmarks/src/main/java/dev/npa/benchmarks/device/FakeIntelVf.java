package dev.npa.benchmarks.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;

/**
 * A VF of an 82599 or 82576 of which queue pair 0 works: tail registers, DD or head write-back for transmit, advanced
 * write-back for receive. Both have the same rings and bits, at other offsets. Section numbers are those of the
 * project's 82599 fact sheet, unless said otherwise.
 */
public final class FakeIntelVf extends FakeDevice implements RegisterWindow {

    private static final PciIdentity VF_82599 = new PciIdentity(0x8086, 0x10ED, 0x8086, 0, 1);
    private static final PciIdentity VF_82576 = new PciIdentity(0x8086, 0x10CA, 0x8086, 0, 1); // 82576 §1
    private static final int BAR_BYTES = 0x4000;
    private static final int CTRL = 0x0000;
    private static final int RST = 1 << 26;
    private static final int RX_82599 = 0x1000; // §2
    private static final int TX_82599 = 0x2000;
    private static final int RX_82576 = 0x2800; // 82576 §2
    private static final int TX_82576 = 0x3800;
    private static final int BAL = 0x00;
    private static final int LEN = 0x08;
    private static final int TAIL = 0x18;
    private static final int DCTL = 0x28;
    private static final int TDWBAL = 0x38;

    private static final int SHIFT = 4;
    private static final long TX_EOP = 1L << 24; // §6.2
    private static final long TX_RS = 1L << 27;
    private static final long TX_DD = 1L << 32;
    private static final int DTYP_SHIFT = 20;
    private static final int DTYP_DATA = 3;
    private static final long RX_DD = 1;
    private static final long RX_EOP = 2;
    /** q1 of a received frame: DD, EOP, length. §6.5 */
    private static final long RX_WHOLE = (long) FRAME << 32 | RX_DD | RX_EOP;
    /** q0: hash of type TCP over IPv4, packet type IPv4 and TCP. §6.5 */
    private static final long RX_Q0_RESULTS = (long) HASH << 32 | 1 << 8 | 1 << 4 | 1;
    /** q1: tag stripped, both checksums checked and good. */
    private static final long RX_Q1_RESULTS = (long) TAG << 48 | 1 << 3 | 1 << 5 | 1 << 6;
    private static final int BUFFER = 2048;

    /** Room for a ring of twice {@link FakeDevice#MOST} descriptors. */
    public static final int SHADOW_BYTES = 2 * MOST << SHIFT;

    private final PciIdentity identity;
    private final int rx;
    private final int tx;
    private final int[] registers = new int[BAR_BYTES >> 2];
    private final long shadow;
    private int txHead;
    private int rxHead;
    private int savedTxHead;
    private int savedRxHead;

    private FakeIntelVf(PhysicalMemory memory, long shadow, PciIdentity identity, int rx, int tx) {
        super(memory);
        this.shadow = shadow;
        this.identity = identity;
        this.rx = rx;
        this.tx = tx;
    }

    /**
     * Makes a VF of an 82599 in reset.
     *
     * @param shadow guest-physical address of {@link #SHADOW_BYTES} bytes that {@link #save} may use
     */
    public static FakeIntelVf of82599(PhysicalMemory memory, long shadow) {
        return new FakeIntelVf(memory, shadow, VF_82599, RX_82599, TX_82599);
    }

    /**
     * Makes a VF of an 82576 in reset.
     *
     * @param shadow guest-physical address of {@link #SHADOW_BYTES} bytes that {@link #save} may use
     */
    public static FakeIntelVf of82576(PhysicalMemory memory, long shadow) {
        return new FakeIntelVf(memory, shadow, VF_82576, RX_82576, TX_82576);
    }

    @Override
    public PciFunction function() {
        return new FakeFunction(identity, this, null);
    }

    @Override
    public int length() {
        return BAR_BYTES;
    }

    @Override
    public int read32(int offset) {
        return registers[offset >> 2]; // the mailbox reads 0: no reset of the PF is under way, §4
    }

    @Override
    public void write32(int offset, int value) {
        DmaMemory.releaseFence(); // what every window owes its caller
        registers[offset >> 2] = value;
        if (offset == CTRL && (value & RST) != 0) {
            registers[CTRL] = 0;
            registers[rx + DCTL >> 2] = 0;
            registers[tx + DCTL >> 2] = 0;
            txHead = 0;
            rxHead = 0;
        }
    }

    private long address(int low) {
        return Integer.toUnsignedLong(registers[low >> 2]) | (long) registers[low + 4 >> 2] << 32;
    }

    private int size(int queue) {
        return registers[queue + LEN >> 2] >> SHIFT;
    }

    @Override
    public int transmit(int most) {
        long ring = address(tx + BAL);
        int size = size(tx);
        int tail = registers[tx + TAIL >> 2];
        boolean headWriteBack = (registers[tx + TDWBAL >> 2] & 1) != 0;
        int head = txHead;
        int frames = 0;
        while (head != tail && frames < most) {
            frames += descriptor(ring + ((long) head << SHIFT), frames, headWriteBack);
            head = ++head == size ? 0 : head;
        }
        if (headWriteBack && head != txHead) {
            memory.putInt(address(tx + TDWBAL) & ~3L, head); // §7: four bytes, after completion
        }
        txHead = head;
        return frames;
    }

    /** Takes one descriptor; 1 if it ends a frame. */
    private int descriptor(long at, int frame, boolean headWriteBack) {
        long q1 = memory.getLong(at + 8);
        if ((q1 >>> DTYP_SHIFT & 15) != DTYP_DATA) {
            return 0; // a context
        }
        sent[frame] = memory.getLong(at);
        sentLength[frame] = (int) q1 & 0xFFFF;
        if (!headWriteBack && (q1 & TX_RS) != 0) {
            memory.putLong(at + 8, q1 | TX_DD);
        }
        return (q1 & TX_EOP) != 0 ? 1 : 0;
    }

    @Override
    public int receive(int most) {
        long ring = address(rx + BAL);
        int size = size(rx);
        int tail = registers[rx + TAIL >> 2];
        int head = rxHead;
        int frames = 0;
        while (head != tail && frames < most) {
            long at = ring + ((long) head << SHIFT);
            long buffer = memory.getLong(at);
            filled[frames++] = buffer;
            memory.putLong(buffer, sequence++);
            memory.putLong(at, 0); // no hash, no packet type
            memory.putLong(at + 8, RX_WHOLE);
            head = ++head == size ? 0 : head;
        }
        rxHead = head;
        return frames;
    }

    @Override
    public int receiveResults(int most) {
        long ring = address(rx + BAL);
        int size = size(rx);
        int tail = registers[rx + TAIL >> 2];
        int frames = 0;
        while (frames < most && (tail - rxHead + size) % size >= BUFFERS) {
            memory.putLong(memory.getLong(ring + ((long) rxHead << SHIFT)), sequence++);
            if ((frames & 1) != 0) {
                for (int i = 1; i < BUFFERS; i++) {
                    writeBack(ring, size, BUFFER, 0, RX_DD);
                }
            }
            writeBack(ring, size, FRAME, RX_Q0_RESULTS, RX_Q1_RESULTS | RX_DD | RX_EOP);
            frames++;
        }
        return frames;
    }

    private void writeBack(long ring, int size, int length, long q0, long q1) {
        long at = ring + ((long) rxHead << SHIFT);
        memory.putLong(at, q0);
        memory.putLong(at + 8, q1 | (long) length << 32);
        rxHead = rxHead + 1 == size ? 0 : rxHead + 1;
    }

    @Override
    public void save() {
        memory.copy(address(rx + BAL), shadow, size(rx) << SHIFT);
        savedTxHead = txHead;
        savedRxHead = rxHead;
    }

    /** DD is added to a descriptor whose other bits stay, so that it can be taken again. */
    @Override
    public void rewindTransmit() {
        txHead = savedTxHead;
    }

    /** The write-back replaced the buffers' addresses. */
    @Override
    public void rewindReceive() {
        memory.copy(shadow, address(rx + BAL), size(rx) << SHIFT);
        rxHead = savedRxHead;
    }
}
