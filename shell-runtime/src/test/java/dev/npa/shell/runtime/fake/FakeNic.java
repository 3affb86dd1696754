package dev.npa.shell.runtime.fake;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.testimage.TestPlugin;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The device that {@link TestPlugin} drives. Frames to send go on the wire, and are completed, when the test says so;
 * arrived frames go into posted buffers at once as long as there are any, and wait in the device otherwise.
 */
public final class FakeNic extends FakePci {

    public static final PciIdentity IDENTITY = new PciIdentity(0x1234, 0x0001, 0, 0, 0);

    private final PhysicalMemory memory;
    private final Consumer<byte[]> wire;
    private final Deque<byte[]> sending = new ArrayDeque<>();
    private final Deque<Long> buffers = new ArrayDeque<>();
    private final Deque<Integer> filled = new ArrayDeque<>();
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private byte[] partial = {};
    private long txAddress;
    private int rxLow;
    private int done;
    private boolean enabled;
    private boolean masked = true;
    private boolean pending;
    public int fault;

    public FakeNic(FakeMachine machine, Consumer<byte[]> wire) {
        super(IDENTITY, 3, machine);
        this.memory = machine.memory();
        this.wire = wire;
    }

    /** Sends up to {@code frames} and completes them. */
    public void progress(int frames) {
        for (int i = 0; i < frames && !sending.isEmpty(); i++) {
            wire.accept(sending.remove());
            done++;
            signal();
        }
    }

    public int sending() {
        return sending.size();
    }

    /** A frame arrives. */
    public void arrive(byte[] frame) {
        arrived.add(frame);
        fill();
    }

    /** Whether everything that arrived was taken by the driver. */
    public boolean isDrained() {
        return arrived.isEmpty() && filled.isEmpty();
    }

    /** Frames that no buffer was there for yet. */
    public int waiting() {
        return arrived.size();
    }

    public boolean isEnabled() {
        return enabled;
    }

    private void fill() {
        while (enabled && isBusMaster() && !arrived.isEmpty() && !buffers.isEmpty()) {
            byte[] frame = arrived.remove();
            memory.copyFrom(buffers.remove(), frame, 0, frame.length);
            filled.add(frame.length);
            signal();
        }
    }

    private void signal() {
        pending = true;
        if (!masked) {
            pending = false;
            raise(0);
        }
    }

    @Override
    protected int read(int offset) {
        switch (offset) {
            case TestPlugin.TX_DONE:
                return done;
            case TestPlugin.RX_LENGTH:
                return filled.isEmpty() ? 0 : filled.remove();
            case TestPlugin.FAULT:
                return fault;
            default:
                return super.read(offset);
        }
    }

    @Override
    protected void write(int offset, int value) {
        switch (offset) {
            case TestPlugin.TX_LO -> txAddress = Integer.toUnsignedLong(value);
            case TestPlugin.TX_HI -> txAddress |= (long) value << 32;
            case TestPlugin.TX_LENGTH -> segment(value & 0xFFFF, (value & 1 << 16) != 0);
            case TestPlugin.RX_LO -> rxLow = value;
            case TestPlugin.RX_HI -> {
                buffers.add((long) value << 32 | Integer.toUnsignedLong(rxLow));
                fill();
            }
            case TestPlugin.ENABLE -> {
                enabled = value == 1;
                buffers.clear();
                filled.clear();
                sending.clear();
                done = 0;
            }
            case TestPlugin.MASK -> {
                masked = value == 1;
                if (!masked && pending) {
                    signal();
                }
            }
            default -> super.write(offset, value);
        }
    }

    private void segment(int length, boolean end) {
        byte[] joined = java.util.Arrays.copyOf(partial, partial.length + length);
        memory.copyTo(txAddress, joined, partial.length, length);
        partial = joined;
        if (end) {
            sending.add(partial);
            partial = new byte[0];
        }
    }
}
