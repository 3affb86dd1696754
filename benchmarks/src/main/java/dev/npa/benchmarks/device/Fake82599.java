package dev.npa.benchmarks.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;

/**
 * An 82599 VF with one queue pair: tail registers, DD or head write-back for transmit, advanced write-back for receive.
 * Section numbers are those of the project's 82599 fact sheet.
 */
public final class Fake82599 extends FakeDevice implements RegisterWindow {

    private static final PciIdentity VF = new PciIdentity(0x8086, 0x10ED, 0x8086, 0, 1);
    private static final int BAR_BYTES = 0x4000;
    private static final int VFCTRL = 0x0000;
    private static final int RST = 1 << 26;
    private static final int RX = 0x1000; // §2
    private static final int TX = 0x2000;
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
    /** q1 of a received frame: DD, EOP, length. §6.5 */
    private static final long RX_WHOLE = (long) FRAME << 32 | 3;

    /** Room for a ring of {@link FakeDevice#MOST} descriptors. */
    public static final int SHADOW_BYTES = MOST << SHIFT;

    private final int[] registers = new int[BAR_BYTES >> 2];
    private final long shadow;
    private int txHead;
    private int rxHead;
    private int savedTxHead;
    private int savedRxHead;

    /**
     * Makes a VF in reset.
     *
     * @param shadow guest-physical address of {@link #SHADOW_BYTES} bytes that {@link #save} may use
     */
    public Fake82599(PhysicalMemory memory, long shadow) {
        super(memory);
        this.shadow = shadow;
    }

    @Override
    public PciFunction function() {
        return new FakeFunction(VF, this, null);
    }

    @Override
    public int length() {
        return BAR_BYTES;
    }

    @Override
    public int read32(int offset) {
        return registers[offset >> 2]; // VFMAILBOX reads 0: no reset of the PF is under way, §4
    }

    @Override
    public void write32(int offset, int value) {
        DmaMemory.releaseFence(); // what every window owes its caller
        registers[offset >> 2] = value;
        if (offset == VFCTRL && (value & RST) != 0) {
            registers[VFCTRL] = 0;
            registers[RX + DCTL >> 2] = 0;
            registers[TX + DCTL >> 2] = 0;
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
        long ring = address(TX + BAL);
        int size = size(TX);
        int tail = registers[TX + TAIL >> 2];
        boolean headWriteBack = (registers[TX + TDWBAL >> 2] & 1) != 0;
        int head = txHead;
        int frames = 0;
        while (head != tail && frames < most) {
            frames += descriptor(ring + ((long) head << SHIFT), frames, headWriteBack);
            head = ++head == size ? 0 : head;
        }
        if (headWriteBack && head != txHead) {
            memory.putInt(address(TX + TDWBAL) & ~3L, head); // §7: four bytes, after completion
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
        long ring = address(RX + BAL);
        int size = size(RX);
        int tail = registers[RX + TAIL >> 2];
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
    public void save() {
        memory.copy(address(RX + BAL), shadow, size(RX) << SHIFT);
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
        memory.copy(shadow, address(RX + BAL), size(RX) << SHIFT);
        rxHead = savedRxHead;
    }
}
