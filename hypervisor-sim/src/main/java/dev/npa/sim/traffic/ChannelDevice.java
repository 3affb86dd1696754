package dev.npa.sim.traffic;

import dev.npa.hw.AccessFault;
import dev.npa.hw.InterruptController;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.Violations;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The workload channel's device, docs/workload-channel.md: a PCI function with registers in BAR 0 and two rings in
 * guest memory.
 *
 * <p><b>Interrupts.</b> Each record for sending raises the guest's vector (raising a pending vector costs nothing).
 * Room in the receive ring raises it when the ring was more than half full and has fallen to half: a guest that found
 * it full is told, one that never fills it is left in peace.
 *
 * <p><b>Threading.</b> Registers belong to the guest's thread; {@link #send} has one calling thread, {@link #receive}
 * has one. The guest clears the enable bit only while its channel is at rest; counters start anew with each enabling.
 */
public final class ChannelDevice implements GuestChannel {

    /** Value of the ID register. */
    public static final int MAGIC = 0x4341_504E;
    /** Bytes before the frame in a slot: u32 length, u32 flags, u64 reserved. */
    public static final int SLOT_HEADER = 16;
    /** Bytes of counters before the slots. */
    public static final int AREA_HEADER = 256;

    static final int ID = 0x00;
    static final int VERSION = 0x04;
    static final int SLOTS = 0x08;
    static final int SLOT_BYTES = 0x0C;
    static final int AREA_LO = 0x10;
    static final int AREA_HI = 0x14;
    static final int CONTROL = 0x18;
    static final int VECTOR = 0x1C;
    static final int DOORBELL = 0x20;

    static final int SEND_TAIL = 0x00;
    static final int SEND_HEAD = 0x40;
    static final int RECEIVE_TAIL = 0x80;
    static final int RECEIVE_HEAD = 0xC0;

    private static final int ETHERNET_HEADER = 14;
    private static final int BAR_BYTES = 4096;
    private static final PciIdentity IDENTITY = new PciIdentity(ChannelConfigSpace.VENDOR, ChannelConfigSpace.DEVICE,
            ChannelConfigSpace.VENDOR, ChannelConfigSpace.DEVICE, 1);

    /** Rings of one enabling, so that counters of an earlier one can never be mixed with it. */
    private static final class Area {
        final long base;
        int sendTail;
        int receiveHead;
        int receivePeak;
        boolean sendBroken;
        boolean receiveBroken;

        Area(long base) {
            this.base = base;
        }
    }

    private final class Bar implements RegisterWindow {
        @Override
        public int length() {
            return BAR_BYTES;
        }

        @Override
        public int read32(int offset) {
            check(offset);
            return readRegister(offset);
        }

        @Override
        public void write32(int offset, int value) {
            check(offset);
            writeRegister(offset, value);
        }

        private void check(int offset) {
            if (offset < 0 || offset > BAR_BYTES - 4 || (offset & 3) != 0) {
                throw new AccessFault(name + ": register access at 0x" + Integer.toHexString(offset)
                        + " is outside the 4096-byte BAR or misaligned");
            }
        }
    }

    private final String name;
    private final PhysicalMemory memory;
    private final InterruptController interrupts;
    private final int slots;
    private final int slotBytes;
    private final Violations violations;
    private final ChannelConfigSpace config = new ChannelConfigSpace();
    private final Bar bar = new Bar();

    private volatile Area area;
    private volatile int vector;
    private volatile int areaLow;
    private volatile int areaHigh;
    private volatile long doorbells;

    /** Creates a device that keeps no record of violations. */
    public ChannelDevice(String name, PhysicalMemory memory, InterruptController interrupts, int slots,
            int slotBytes) {
        this(name, memory, interrupts, slots, slotBytes, null);
    }

    /**
     * Creates a disabled device.
     *
     * @param slots slots of each ring, a power of two
     * @param slotBytes bytes of each slot with its 16-byte header, a multiple of 64
     * @param violations where accesses to unknown registers and broken rings are recorded; null = nowhere
     */
    public ChannelDevice(String name, PhysicalMemory memory, InterruptController interrupts, int slots,
            int slotBytes, Violations violations) {
        if (slots <= 0 || Integer.bitCount(slots) != 1 || slots > 1 << 16) {
            throw new IllegalArgumentException(name + ": " + slots + " slots; a power of two up to 65536 is needed");
        }
        if (slotBytes <= 0 || slotBytes % 64 != 0 || slotBytes > 1 << 17) {
            throw new IllegalArgumentException(name + ": " + slotBytes
                    + " bytes a slot; a multiple of 64 up to 131072 is needed");
        }
        this.name = Objects.requireNonNull(name);
        this.memory = Objects.requireNonNull(memory);
        this.interrupts = Objects.requireNonNull(interrupts);
        this.slots = slots;
        this.slotBytes = slotBytes;
        this.violations = violations;
    }

    /** Bytes of the area that a guest gives to a device of this shape. */
    public static long areaBytes(int slots, int slotBytes) {
        return AREA_HEADER + 2L * slots * slotBytes;
    }

    @Override
    public PciIdentity identity() {
        return IDENTITY;
    }

    @Override
    public int readConfig(int offset, int width) {
        return config.read(offset, width);
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        config.write(offset, width, value);
    }

    @Override
    public RegisterWindow bar(int index) {
        if (index != 0) {
            throw new AccessFault(name + ": the workload channel has BAR 0 only, not BAR " + index);
        }
        return bar;
    }

    @Override
    public int maxFrame() {
        return slotBytes - SLOT_HEADER;
    }

    @Override
    public boolean isReady() {
        return area != null;
    }

    /** Writes of the doorbell register so far. */
    public long doorbells() {
        return doorbells;
    }

    @Override
    public boolean canSend(int length) {
        Area a = area;
        return a != null && length >= ETHERNET_HEADER && length <= maxFrame() && sendUsed(a) < slots;
    }

    @Override
    public boolean send(ByteBuffer source, int offset, int length) {
        Area a = area;
        if (a == null || length < ETHERNET_HEADER || length > maxFrame() || sendUsed(a) >= slots) {
            return false;
        }
        long slot = a.base + AREA_HEADER + (long) (a.sendTail & slots - 1) * slotBytes;
        memory.putInt(slot, length);
        memory.putInt(slot + 4, 0);
        memory.putLong(slot + 8, 0);
        memory.copyFrom(slot + SLOT_HEADER, source, offset, length);
        a.sendTail++;
        // Release: the guest that sees the new tail sees the slot.
        memory.putIntRelease(a.base + SEND_TAIL, a.sendTail);
        raise();
        return true;
    }

    @Override
    public int queued() {
        Area a = area;
        return a == null ? 0 : sendUsed(a);
    }

    @Override
    public boolean hasReceived() {
        Area a = area;
        return a != null && receiveUsed(a) > 0;
    }

    @Override
    public int receive(ByteBuffer target, int offset) {
        Area a = area;
        if (a == null) {
            return -1;
        }
        int used = receiveUsed(a);
        while (used > 0) {
            long slot = a.base + AREA_HEADER + ((long) slots + (a.receiveHead & slots - 1)) * slotBytes;
            int length = memory.getInt(slot);
            boolean sound = length >= ETHERNET_HEADER && length <= maxFrame();
            if (sound) {
                memory.copyTo(slot + SLOT_HEADER, target, offset, length);
            } else {
                violation("receive slot " + (a.receiveHead & slots - 1) + " has length " + length
                        + "; the guest must write " + ETHERNET_HEADER + ".." + maxFrame());
            }
            a.receivePeak = Math.max(a.receivePeak, used);
            a.receiveHead++;
            used--;
            // Release: the slot was read before the guest may write it again.
            memory.putIntRelease(a.base + RECEIVE_HEAD, a.receiveHead);
            if (a.receivePeak > slots / 2 && used <= slots / 2) {
                a.receivePeak = 0;
                raise();
            }
            if (sound) {
                return length;
            }
        }
        return -1;
    }

    private int sendUsed(Area a) {
        int used = a.sendTail - memory.getIntAcquire(a.base + SEND_HEAD);
        if (used < 0 || used > slots) {
            if (!a.sendBroken) {
                a.sendBroken = true;
                violation("sendHead is " + used + " records behind sendTail in a ring of " + slots);
            }
            return slots;
        }
        return used;
    }

    private int receiveUsed(Area a) {
        int used = memory.getIntAcquire(a.base + RECEIVE_TAIL) - a.receiveHead;
        if (used < 0 || used > slots) {
            if (!a.receiveBroken) {
                a.receiveBroken = true;
                violation("receiveTail is " + used + " records ahead of receiveHead in a ring of " + slots);
            }
            return 0;
        }
        return used;
    }

    private void raise() {
        int v = vector;
        if (v != 0) {
            interrupts.raise(v);
        }
    }

    private int readRegister(int offset) {
        return switch (offset) {
            case ID -> MAGIC;
            case VERSION -> 1;
            case SLOTS -> slots;
            case SLOT_BYTES -> slotBytes;
            case AREA_LO -> areaLow;
            case AREA_HI -> areaHigh;
            case CONTROL -> area == null ? 0 : 1;
            case VECTOR -> vector;
            case DOORBELL -> 0;
            default -> {
                violation("read of unknown register 0x" + Integer.toHexString(offset));
                yield 0;
            }
        };
    }

    private synchronized void writeRegister(int offset, int value) {
        switch (offset) {
            case AREA_LO -> areaLow = value;
            case AREA_HI -> areaHigh = value;
            case CONTROL -> control(value);
            case VECTOR -> setVector(value);
            case DOORBELL -> doorbells++;
            case ID, VERSION, SLOTS, SLOT_BYTES ->
                violation("write of read-only register 0x" + Integer.toHexString(offset));
            default -> violation("write of unknown register 0x" + Integer.toHexString(offset));
        }
    }

    private void setVector(int value) {
        if (value < 0 || value >= InterruptController.VECTORS) {
            violation("VECTOR " + value + " is not 0.." + (InterruptController.VECTORS - 1));
            return;
        }
        vector = value;
    }

    private void control(int value) {
        if ((value & 1) == 0) {
            area = null;
            return;
        }
        if (area != null) {
            return;
        }
        long base = Integer.toUnsignedLong(areaLow) | (long) areaHigh << 32;
        if ((base & 63) != 0 || !memory.contains(base, areaBytes(slots, slotBytes))) {
            violation("CONTROL enables with an area of " + areaBytes(slots, slotBytes) + " bytes at 0x"
                    + Long.toHexString(base) + ", which is misaligned or outside the guest's memory; stays disabled");
            return;
        }
        area = new Area(base);
    }

    private void violation(String what) {
        if (violations != null) {
            violations.record(name, what);
        }
    }
}
