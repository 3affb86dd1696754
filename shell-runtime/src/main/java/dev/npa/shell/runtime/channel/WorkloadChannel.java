package dev.npa.shell.runtime.channel;

import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptHandler;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;

/**
 * The guest's side of the workload channel, {@code docs/workload-channel.md}: records to send come in, received frames
 * go out. Indices are free-running and count slots; each side reads the other's once a burst. One caller at a time.
 */
public final class WorkloadChannel {

    /** Bytes of a record before the frame. */
    public static final int HEADER = 32;
    /** Queue of a record: the stack chooses. */
    public static final int ANY_QUEUE = 0xFFFF;

    static final int ID = 0x00;
    static final int VERSION = 0x04;
    static final int SLOTS = 0x08;
    static final int SLOT_BYTES = 0x0C;
    static final int AREA_LO = 0x10;
    static final int AREA_HI = 0x14;
    static final int CONTROL = 0x18;
    static final int VECTOR = 0x1C;
    static final int DOORBELL = 0x20;
    static final int MAX_RECORD = 0x24;
    static final int NPAC = 0x4341504E;
    static final int SUPPORTED = 2;

    static final int SEND_TAIL = 0x00;
    static final int SEND_HEAD = 0x40;
    static final int RECEIVE_TAIL = 0x80;
    static final int RECEIVE_HEAD = 0xC0;
    static final int AREA_HEADER = 0x100;

    static final int LENGTH = 0x00;
    static final int FLAGS = 0x04;
    static final int OFFLOAD = 0x08;
    static final int LRO = 0x10;
    static final int QUEUE = 0x14;
    /** Length of what fills a ring up to its end. */
    static final int FILLER = -1;

    private final PciDevice device;
    private final RegisterWindow registers;
    private final PhysicalAllocator allocator;
    private final PhysicalMemory memory;
    private final InterruptVectors cpu;
    private final int vector;
    private final int slots;
    private final int slotBytes;
    private final int maxRecord;
    private final long area;
    private final long sendSlots;
    private final long receiveSlots;
    private int sendHead;
    private int sendTail;
    private int receiveTail;
    private int receiveHead;
    private long record;
    private boolean taken;
    private boolean produced;

    /**
     * Brings the channel up.
     *
     * @param handler called when the device has records or room
     * @throws ShellException if the function is no workload channel of version 2, or memory is short
     */
    public WorkloadChannel(PciFunction function, PhysicalAllocator allocator, InterruptVectors cpu,
            InterruptHandler handler) {
        this.allocator = allocator;
        this.memory = allocator.memory();
        this.cpu = cpu;
        this.device = PciDevice.enable(function, 0, cpu, handler);
        this.registers = function.bar(0);
        this.slots = registers.read32(SLOTS);
        this.slotBytes = registers.read32(SLOT_BYTES);
        try {
            checkIdentity();
            this.maxRecord = registers.read32(MAX_RECORD);
            checkShape();
            this.area = allocator.allocate(AREA_HEADER + 2 * slots * slotBytes, PhysicalAllocator.GRANULE);
        } catch (ShellException e) {
            device.disable();
            throw e;
        }
        this.sendSlots = area + AREA_HEADER;
        this.receiveSlots = sendSlots + (long) slots * slotBytes;
        this.vector = cpu.allocate(handler, 0);
        registers.write32(AREA_LO, (int) area);
        registers.write32(AREA_HI, (int) (area >>> 32));
        registers.write32(VECTOR, vector);
        registers.write32(CONTROL, 1);
    }

    private void checkIdentity() {
        int id = registers.read32(ID);
        int version = registers.read32(VERSION);
        if (id != NPAC || version != SUPPORTED) {
            throw new ShellException("the function in the workload channel's slot has id 0x" + Integer.toHexString(id)
                    + " and version " + version + "; 0x" + Integer.toHexString(NPAC) + " and " + SUPPORTED
                    + " are needed");
        }
    }

    private void checkShape() {
        if (slots <= 0 || Integer.bitCount(slots) != 1 || slotBytes < 64 || slotBytes % 64 != 0
                || 2L * slots * slotBytes > Integer.MAX_VALUE - AREA_HEADER
                || maxRecord < HEADER || maxRecord > (long) slots * slotBytes / 2) {
            throw new ShellException("the workload channel has " + slots + " slots of " + slotBytes
                    + " bytes and records up to " + maxRecord + "; a power of two, a multiple of 64 and at most half "
                    + "of the slots are needed");
        }
    }

    /** Longest frame of a record. */
    public int maxFrame() {
        return maxRecord - HEADER;
    }

    // ---- records to send

    /**
     * Whether a record waits to be sent; it stays the same one until {@link #take}. The tail is read again only when
     * all that was seen before is taken.
     */
    public boolean next() {
        if (sendHead == sendTail) {
            // Acquire: the slots behind the tail are read with plain accesses.
            sendTail = memory.getIntAcquire(area + SEND_TAIL);
            if (sendHead == sendTail) {
                return false;
            }
        }
        record = sendSlots + (long) (sendHead & slots - 1) * slotBytes;
        if (memory.getInt(record + LENGTH) == FILLER) {
            sendHead += slots - (sendHead & slots - 1);
            taken = true;
            return next();
        }
        return true;
    }

    /** Bytes of the waiting record's frame. */
    public int length() {
        return memory.getInt(record + LENGTH);
    }

    /** Its requests: the TX bits of {@link dev.npa.shell.PacketFlags}. */
    public int flags() {
        return memory.getInt(record + FLAGS);
    }

    /** Its transmit word. */
    public long offload() {
        return memory.getLong(record + OFFLOAD);
    }

    /** The transmit queue that it is for; {@link #ANY_QUEUE} = the stack chooses. */
    public int queue() {
        return Short.toUnsignedInt(memory.getShort(record + QUEUE));
    }

    /** Address of its frame. */
    public long frame() {
        return record + HEADER;
    }

    /** Takes the waiting record; {@link #flush} gives its slots back. */
    public void take() {
        // A length that is out of bounds counts as one slot, as an empty record would.
        int length = length();
        sendHead += length < 0 || length > maxFrame() ? 1 : slotsOf(length);
        taken = true;
    }

    private int slotsOf(int length) {
        return (HEADER + length + slotBytes - 1) / slotBytes;
    }

    // ---- received frames

    /**
     * Makes room for a received frame.
     *
     * @param length at most {@link #maxFrame}
     * @return address at which the frame goes; 0 when there is no room
     */
    public long reserve(int length) {
        int needed = slotsOf(length);
        int index = receiveTail & slots - 1;
        int filler = needed > slots - index ? slots - index : 0;
        if (!hasRoom(needed + filler)) {
            return 0;
        }
        if (filler != 0) {
            memory.putInt(receiveSlots + (long) index * slotBytes + LENGTH, FILLER);
            receiveTail += filler;
            produced = true;
            index = 0;
        }
        record = receiveSlots + (long) index * slotBytes;
        return record + HEADER;
    }

    private boolean hasRoom(int needed) {
        if (slots - (receiveTail - receiveHead) < needed) {
            // Acquire: the device has read what it took before its head moved.
            receiveHead = memory.getIntAcquire(area + RECEIVE_HEAD);
        }
        return slots - (receiveTail - receiveHead) >= needed;
    }

    /**
     * Completes the record whose frame was written where {@link #reserve} said; {@link #flush} hands it over.
     *
     * @param flags RX bits of {@link dev.npa.shell.PacketFlags}
     * @param offload receive word
     * @param lro merged segments {@literal <<} 16 + MSS, with RX_LRO
     * @param queue receive queue that it came through
     */
    public void commit(int length, int flags, long offload, int lro, int queue) {
        memory.putInt(record + LENGTH, length);
        memory.putInt(record + FLAGS, flags);
        memory.putLong(record + OFFLOAD, offload);
        memory.putInt(record + LRO, lro);
        memory.putInt(record + QUEUE, queue & 0xFFFF);
        memory.putLong(record + QUEUE + 4, 0);
        receiveTail += slotsOf(length);
        produced = true;
    }

    /** Publishes what was taken and handed over, and tells the device once. Once a round. */
    public void flush() {
        if (taken) {
            // Release: the copies out of the slots are done before the device may write them again.
            memory.putIntRelease(area + SEND_HEAD, sendHead);
        }
        if (produced) {
            // Release: the slots are filled before the device sees the tail.
            memory.putIntRelease(area + RECEIVE_TAIL, receiveTail);
        }
        if (taken || produced) {
            taken = false;
            produced = false;
            registers.write32(DOORBELL, 1);
        }
    }

    /** Disables the channel and frees its memory. */
    public void close() {
        if (!PciDevice.isGone(device.function())) {
            registers.write32(CONTROL, 0);
        }
        cpu.free(vector);
        device.disable();
        allocator.free(area);
    }
}
