package dev.npa.shell.runtime.stack;

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
 * go out. Indices are free-running; each side reads the other's once a burst.
 */
public final class WorkloadChannel {

    /** Bytes of a slot before the frame. */
    public static final int SLOT_HEADER = 16;

    static final int ID = 0x00;
    static final int VERSION = 0x04;
    static final int SLOTS = 0x08;
    static final int SLOT_BYTES = 0x0C;
    static final int AREA_LO = 0x10;
    static final int AREA_HI = 0x14;
    static final int CONTROL = 0x18;
    static final int VECTOR = 0x1C;
    static final int DOORBELL = 0x20;
    static final int NPAC = 0x4341504E;

    static final int SEND_TAIL = 0x00;
    static final int SEND_HEAD = 0x40;
    static final int RECEIVE_TAIL = 0x80;
    static final int RECEIVE_HEAD = 0xC0;
    static final int AREA_HEADER = 0x100;

    private final PciDevice device;
    private final RegisterWindow registers;
    private final PhysicalAllocator allocator;
    private final PhysicalMemory memory;
    private final InterruptVectors cpu;
    private final int vector;
    private final int slots;
    private final int slotBytes;
    private final long area;
    private final long sendSlots;
    private final long receiveSlots;
    private int sendHead;
    private int sendTail;
    private int receiveTail;
    private int receiveHead;
    private boolean moved;

    /**
     * Brings the channel up.
     *
     * @param handler called when the device has records or room
     * @throws ShellException if the function is no workload channel of version 1, or memory is short
     */
    public WorkloadChannel(PciFunction function, PhysicalAllocator allocator, InterruptVectors cpu,
            InterruptHandler handler) {
        this.allocator = allocator;
        this.memory = allocator.memory();
        this.cpu = cpu;
        this.device = PciDevice.enable(function, 0, cpu, handler);
        this.registers = function.bar(0);
        int id = registers.read32(ID);
        int version = registers.read32(VERSION);
        this.slots = registers.read32(SLOTS);
        this.slotBytes = registers.read32(SLOT_BYTES);
        if (id != NPAC || version != 1) {
            device.disable();
            throw new ShellException("the function in the workload channel's slot has id 0x" + Integer.toHexString(id)
                    + " and version " + version + "; 0x" + Integer.toHexString(NPAC) + " and 1 are needed");
        }
        if (slots <= 0 || Integer.bitCount(slots) != 1 || slotBytes < 64 || slotBytes % 64 != 0
                || 2L * slots * slotBytes > Integer.MAX_VALUE - AREA_HEADER) {
            device.disable();
            throw new ShellException("the workload channel has " + slots + " slots of " + slotBytes
                    + " bytes; a power of two and a multiple of 64 are needed");
        }
        this.area = allocator.allocate(AREA_HEADER + 2 * slots * slotBytes, PhysicalAllocator.GRANULE);
        this.sendSlots = area + AREA_HEADER;
        this.receiveSlots = sendSlots + (long) slots * slotBytes;
        this.vector = cpu.allocate(handler, 0);
        registers.write32(AREA_LO, (int) area);
        registers.write32(AREA_HI, (int) (area >>> 32));
        registers.write32(VECTOR, vector);
        registers.write32(CONTROL, 1);
    }

    /** Longest frame that fits a slot. */
    public int maxFrame() {
        return slotBytes - SLOT_HEADER;
    }

    /** Records that wait to be sent. */
    int sendable() {
        // Acquire: the slots behind the tail are read with plain accesses.
        sendTail = memory.getIntAcquire(area + SEND_TAIL);
        return sendTail - sendHead;
    }

    /** Length of the record that waits {@code ahead} records from the oldest. */
    int sendLength(int ahead) {
        return memory.getInt(sendSlot(ahead));
    }

    /** Address of the frame of a waiting record. */
    long sendFrame(int ahead) {
        return sendSlot(ahead) + SLOT_HEADER;
    }

    private long sendSlot(int ahead) {
        return sendSlots + (long) (sendHead + ahead & slots - 1) * slotBytes;
    }

    /** Takes the oldest records: their slots are the device's again. */
    void taken(int records) {
        sendHead += records;
        // Release: the copies out of the slots are done before the device may write them again.
        memory.putIntRelease(area + SEND_HEAD, sendHead);
        moved = true;
    }

    /** Free receive slots. */
    int room() {
        receiveHead = memory.getIntAcquire(area + RECEIVE_HEAD);
        return slots - (receiveTail - receiveHead);
    }

    /** Address at which the frame goes that is handed over {@code ahead} frames from now. */
    long receiveFrame(int ahead) {
        return receiveSlot(ahead) + SLOT_HEADER;
    }

    /** Sets the length of a frame to hand over. */
    void receiveLength(int ahead, int length) {
        long slot = receiveSlot(ahead);
        memory.putInt(slot, length);
        memory.putInt(slot + 4, 0);
        memory.putLong(slot + 8, 0);
    }

    private long receiveSlot(int ahead) {
        return receiveSlots + (long) (receiveTail + ahead & slots - 1) * slotBytes;
    }

    /** Hands over the frames that were filled in. */
    void produced(int frames) {
        receiveTail += frames;
        // Release: the slots are filled before the device sees the tail.
        memory.putIntRelease(area + RECEIVE_TAIL, receiveTail);
        moved = true;
    }

    /** Tells the device, once, if records were taken or frames handed over since the last call. */
    void ring() {
        if (moved) {
            moved = false;
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
