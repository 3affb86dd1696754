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
 * Room in the receive ring raises it when the ring was so full that the longest record might not have fitted, and is no
 * more: a guest that found no room is told, one that never fills the ring is left in peace.
 *
 * <p><b>Threading.</b> Registers belong to the guest's thread; {@link #send} has one calling thread, {@link #receive}
 * has one. The guest clears the enable bit only while its channel is at rest; counters start anew with each enabling.
 */
public final class ChannelDevice implements GuestChannel {

    /** Value of the ID register. */
    public static final int MAGIC = 0x4341_504E;
    /** Slots of each ring, and bytes of each slot, of a VM's channel: 1 MiB a ring, many records of 64 KiB. */
    public static final int DEFAULT_SLOTS = 512;
    public static final int DEFAULT_SLOT_BYTES = 2048;

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

    private static final int LAYOUT_VERSION = 2;
    private static final int BAR_BYTES = 4096;
    private static final PciIdentity IDENTITY = new PciIdentity(ChannelConfigSpace.VENDOR, ChannelConfigSpace.DEVICE,
            ChannelConfigSpace.VENDOR, ChannelConfigSpace.DEVICE, 1);

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
    private final int maxFrame;
    private final Violations violations;
    private final ChannelConfigSpace config = new ChannelConfigSpace();
    private final Bar bar = new Bar();

    private volatile ChannelRings rings;
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
     * @param slotBytes bytes of each slot, a multiple of 64
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
        if (slots / 2L * slotBytes < ChannelRecord.HEADER + Ether.MIN_FRAME) {
            throw new IllegalArgumentException(name + ": " + slots + " slots of " + slotBytes
                    + " bytes; half of them must hold a record of "
                    + (ChannelRecord.HEADER + Ether.MIN_FRAME) + " bytes");
        }
        this.maxFrame = (int) Math.min(slots / 2L * slotBytes - ChannelRecord.HEADER, ChannelRecord.LONGEST_FRAME);
        this.name = Objects.requireNonNull(name);
        this.memory = Objects.requireNonNull(memory);
        this.interrupts = Objects.requireNonNull(interrupts);
        this.slots = slots;
        this.slotBytes = slotBytes;
        this.violations = violations;
    }

    /** Bytes of the area that a guest gives to a device of this shape. */
    public static long areaBytes(int slots, int slotBytes) {
        return ChannelRings.AREA_HEADER + 2L * slots * slotBytes;
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
        return maxFrame;
    }

    @Override
    public boolean isReady() {
        return rings != null;
    }

    /** Writes of the doorbell register so far. */
    public long doorbells() {
        return doorbells;
    }

    @Override
    public boolean canSend(int length) {
        ChannelRings r = rings;
        return r != null && r.canSend(length);
    }

    @Override
    public boolean send(ByteBuffer source, int offset, int length, int flags, long offload, int queue) {
        ChannelRings r = rings;
        if (r == null || !r.send(source, offset, length, flags, offload, queue)) {
            return false;
        }
        raise();
        return true;
    }

    @Override
    public int queued() {
        ChannelRings r = rings;
        return r == null ? 0 : r.sendUsed();
    }

    @Override
    public boolean hasReceived() {
        ChannelRings r = rings;
        return r != null && r.receiveUsed() > 0;
    }

    @Override
    public int receive(ByteBuffer target, int offset, ChannelRecord info) {
        ChannelRings r = rings;
        if (r == null) {
            return -1;
        }
        int length = r.receive(target, offset, info);
        if (r.takeWoken()) {
            raise();
        }
        return length;
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
            case VERSION -> LAYOUT_VERSION;
            case SLOTS -> slots;
            case SLOT_BYTES -> slotBytes;
            case AREA_LO -> areaLow;
            case AREA_HI -> areaHigh;
            case CONTROL -> rings == null ? 0 : 1;
            case VECTOR -> vector;
            case DOORBELL -> 0;
            case MAX_RECORD -> ChannelRecord.HEADER + maxFrame;
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
            case ID, VERSION, SLOTS, SLOT_BYTES, MAX_RECORD ->
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
            rings = null;
            return;
        }
        if (rings != null) {
            return;
        }
        long base = Integer.toUnsignedLong(areaLow) | (long) areaHigh << 32;
        if ((base & 63) != 0 || !memory.contains(base, areaBytes(slots, slotBytes))) {
            violation("CONTROL enables with an area of " + areaBytes(slots, slotBytes) + " bytes at 0x"
                    + Long.toHexString(base) + ", which is misaligned or outside the guest's memory; stays disabled");
            return;
        }
        rings = new ChannelRings(memory, base, slots, slotBytes, maxFrame, this::violation);
    }

    private void violation(String what) {
        if (violations != null) {
            violations.record(name, what);
        }
    }
}
