package dev.npa.shell.runtime.fake;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;

/** The device side of the workload channel, docs/workload-channel.md. */
public final class FakeChannel extends FakePci {

    private final FakeMachine machine;
    private final PhysicalMemory memory;
    private final int slots;
    private final int slotBytes;
    private long area;
    private int vector;
    private boolean enabled;
    private int sendTail;
    private int receiveHead;
    public int doorbells;
    public int id = 0x4341504E;

    public FakeChannel(FakeMachine machine, int slots, int slotBytes) {
        super(new PciIdentity(0xFFF0, 1, 0, 0, 0), 1, machine);
        this.machine = machine;
        this.memory = machine.memory();
        this.slots = slots;
        this.slotBytes = slotBytes;
    }

    public boolean isEnabled() {
        return enabled;
    }

    /** Hands a record over for sending; false if the ring is full. */
    public boolean send(byte[] frame) {
        if (sendTail - memory.getIntAcquire(area + 0x40) == slots) {
            return false;
        }
        long slot = area + 0x100 + (long) (sendTail & slots - 1) * slotBytes;
        memory.putInt(slot, frame.length);
        memory.copyFrom(slot + 16, frame, 0, frame.length);
        memory.putIntRelease(area, ++sendTail);
        machine.raise(vector);
        return true;
    }

    /** Records that the guest has not taken. */
    public int queued() {
        return sendTail - memory.getIntAcquire(area + 0x40);
    }

    /** Takes a received frame; null if there is none. */
    public byte[] receive() {
        if (memory.getIntAcquire(area + 0x80) == receiveHead) {
            return null;
        }
        long slot = area + 0x100 + (long) slots * slotBytes + (long) (receiveHead & slots - 1) * slotBytes;
        byte[] frame = new byte[memory.getInt(slot)];
        memory.copyTo(slot + 16, frame, 0, frame.length);
        memory.putIntRelease(area + 0xC0, ++receiveHead);
        machine.raise(vector);
        return frame;
    }

    @Override
    protected int read(int offset) {
        return switch (offset) {
            case 0x00 -> id;
            case 0x04 -> 1;
            case 0x08 -> slots;
            case 0x0C -> slotBytes;
            default -> super.read(offset);
        };
    }

    @Override
    protected void write(int offset, int value) {
        switch (offset) {
            case 0x10 -> area = Integer.toUnsignedLong(value);
            case 0x14 -> area |= (long) value << 32;
            case 0x18 -> enabled = value == 1;
            case 0x1C -> vector = value;
            case 0x20 -> doorbells++;
            default -> super.write(offset, value);
        }
    }
}
