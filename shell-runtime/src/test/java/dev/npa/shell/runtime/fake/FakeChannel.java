package dev.npa.shell.runtime.fake;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;

/** The device side of the workload channel, docs/workload-channel.md. */
public final class FakeChannel extends FakePci {

    /** A record that the guest handed over. */
    public record Record(byte[] frame, int flags, long offload, int lro, int queue) {}

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
    public int version = 2;

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

    /** Hands a record without requests over for sending; false if the ring is full. */
    public boolean send(byte[] frame) {
        return send(new Frames(frame, 0, 0), 0xFFFF);
    }

    public boolean send(Frames record, int queue) {
        byte[] frame = record.frame();
        int needed = (32 + frame.length + slotBytes - 1) / slotBytes;
        int index = sendTail & slots - 1;
        int filler = needed > slots - index ? slots - index : 0;
        if (slots - (sendTail - memory.getIntAcquire(area + 0x40)) < needed + filler) {
            return false;
        }
        if (filler > 0) {
            memory.putInt(area + 0x100 + (long) index * slotBytes, -1);
            sendTail += filler;
            index = 0;
        }
        long slot = area + 0x100 + (long) index * slotBytes;
        memory.putInt(slot, frame.length);
        memory.putInt(slot + 4, record.flags());
        memory.putLong(slot + 8, record.offload());
        memory.putInt(slot + 16, 0);
        memory.putInt(slot + 20, queue);
        memory.copyFrom(slot + 32, frame, 0, frame.length);
        sendTail += needed;
        memory.putIntRelease(area, sendTail);
        machine.raise(vector);
        return true;
    }

    /** Slots that the guest has not taken. */
    public int queued() {
        return sendTail - memory.getIntAcquire(area + 0x40);
    }

    /** Takes a received frame; null if there is none. */
    public byte[] receive() {
        Record record = receiveRecord();
        return record == null ? null : record.frame();
    }

    /** Takes a received record; null if there is none. */
    public Record receiveRecord() {
        if (memory.getIntAcquire(area + 0x80) == receiveHead) {
            return null;
        }
        int index = receiveHead & slots - 1;
        long slot = area + 0x100 + (long) (slots + index) * slotBytes;
        int length = memory.getInt(slot);
        if (length == -1) {
            receiveHead += slots - index;
            return receiveRecord();
        }
        byte[] frame = new byte[length];
        memory.copyTo(slot + 32, frame, 0, frame.length);
        Record record = new Record(frame, memory.getInt(slot + 4), memory.getLong(slot + 8), memory.getInt(slot + 16),
                memory.getInt(slot + 20));
        receiveHead += (32 + length + slotBytes - 1) / slotBytes;
        memory.putIntRelease(area + 0xC0, receiveHead);
        machine.raise(vector);
        return record;
    }

    @Override
    protected int read(int offset) {
        return switch (offset) {
            case 0x00 -> id;
            case 0x04 -> version;
            case 0x08 -> slots;
            case 0x0C -> slotBytes;
            case 0x24 -> slots * slotBytes / 2;
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
